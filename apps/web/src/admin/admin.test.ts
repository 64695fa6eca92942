import { expect, test } from 'vitest'
import { formatBytes } from './format-bytes.ts'
import { matchesWords } from './matches-words.ts'

test('a filter finds every typed word in any order, and nothing typed finds all', () => {
  const text = 'Signed in signed-in by p1 · on ada@example.org'
  expect(['', 'ada signed', 'ADA', ' in  p1 ', 'ada revoked'].map((typed) => matchesWords(text, typed))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ])
})

test('sizes are told in the unit that people would use', () => {
  expect([0, 900, 2_400_000, 48_200_000, 3_100_000_000].map(formatBytes)).toEqual(['0 kB', '1 kB', '2.4 MB', '48 MB', '3.1 GB'])
})
