import { expect, test } from 'vitest'
import { waitText } from './wait-text.ts'

test('a set-up is told by the last line that it printed, any other wait by its words', () => {
  expect(waitText({ phase: 'setup', text: 'setting up: npm ci' })).toBe('setting up: npm ci')
  expect(waitText({ phase: 'setup', text: 'unpacking\nlinking the parts\n\n' })).toBe('linking the parts')
  expect(waitText({ phase: 'workspace', text: 'starting the sandbox' })).toBe('starting the sandbox')
})
