import { expect, test } from 'vitest'
import { idFrom, openIds } from './ids.ts'

test('ids sort in the order of their making, also within a millisecond and when the clock steps back', () => {
  const times = [1_000, 1_000, 1_000, 999, 2_000, 1_500]
  const ids = openIds({ now: () => times.shift() ?? 3_000 })
  const made = Array.from({ length: 200 }, () => ids.next())
  expect([...made].sort()).toEqual(made)
  expect(new Set(made).size).toBe(made.length)
  expect(made.every((id) => /^[0-9a-hjkmnp-tv-z]{26}$/.test(id))).toBe(true)
})

test('the same text gives the same id', () => {
  expect(idFrom('a')).toBe(idFrom('a'))
  expect(idFrom('a')).not.toBe(idFrom('b'))
  expect(idFrom('a')).toHaveLength(26)
})
