import { expect, test } from 'vitest'
import { saidBack } from './said-back.ts'

test('cuts what is long and drops what a terminal would obey', () => {
  expect(saidBack('error: unknown command \u001b[2Jfrob\n(--help shows how)\n')).toBe(
    'error: unknown command  [2Jfrob\n(--help shows how)\n',
  )
  expect(saidBack(`a ${'x'.repeat(1_000)}\nb`)).toBe(`a ${'x'.repeat(298)}…\nb`)
  expect(saidBack('x\n'.repeat(500)).split('\n').at(-1)).toBe('… and 401 more lines')
})
