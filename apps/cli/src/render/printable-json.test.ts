import { expect, test } from 'vitest'
import { printableJson } from './printable-json.ts'

test('what a terminal would obey or hide is escaped, and means the same', () => {
  const value = { text: '\x1b[2J \x9b31m \u202ex\u200b \u{e0041} \ufff9 grüße 🚀', list: [1, null] }
  const printed = printableJson(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  expect(printed).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u200b\ufff9]|\p{Default_Ignorable_Code_Point}/u)
  expect(printed).toContain('grüße 🚀')
  expect(JSON.parse(printed)).toEqual(value)
})
