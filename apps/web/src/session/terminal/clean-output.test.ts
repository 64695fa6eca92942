import { expect, test } from 'vitest'
import { cleanOutput, makeStreamCleaner, plainOutput } from './clean-output.ts'

const esc = '\u001b'

test('colours and erasing within the line stay', () => {
  expect(cleanOutput(`${esc}[1;31mred${esc}[0m 10%\r${esc}[K20%\n`)).toBe(`${esc}[1;31mred${esc}[0m 10%\r${esc}[K20%\r\n`)
})

test.each([
  ['the clipboard', `${esc}]52;c;cm0gLXJm${'\u0007'}`],
  ['the title', `${esc}]0;not your shell${esc}\\`],
  ['a link', `${esc}]8;;https://example.org${esc}\\`],
  ['another line', `${esc}[5A${esc}[2;1H${esc}M`],
  ['the whole screen', `${esc}[2J${esc}[3J${esc}c${esc}[?1049h`],
  ['a question to the terminal', `${esc}[6n${esc}[c${esc}P+q544e${esc}\\`],
  ['hidden text', `${esc}[8m`],
  ['8-bit controls', '\u009b2J\u009d0;title\u009c'],
  ['bells and backspaces', '\u0007\b\b\u000e\u007f'],
])('nothing reaches %s', (_, sequence) => {
  expect(cleanOutput(`before${sequence}after`)).toBe('beforeafter')
})

test('a sequence that was cut anywhere is cleaned like a whole one', () => {
  const text = `a${esc}[31mb${esc}[0m\r\nc${esc}]0;title${esc}\\d${esc}[2Ae\n`
  for (let cut = 0; cut <= text.length; cut++) {
    const cleaner = makeStreamCleaner()
    expect(cleaner.push(text.slice(0, cut)) + cleaner.push(text.slice(cut))).toBe(cleanOutput(text))
  }
})

test('an open sequence holds back a bounded piece only', () => {
  const cleaner = makeStreamCleaner()
  expect(cleaner.push(`${esc}]0;${'x'.repeat(300)}`)).toBe('')
  expect(cleaner.push('seen\n')).toBe('seen\r\n')
})

test('for the clipboard a progress bar is its last state', () => {
  expect(plainOutput(`${esc}[32m10%\r20%\r30%\ndone\r\n`)).toBe('30%\ndone\n')
})
