import { expect, test } from 'vitest'
import { repliesIn } from './replies.ts'

test('each comment gets what stands under its number', () => {
  const replies = repliesIn('Two remarks.\n\nRe c1: renamed it.\nAlso its test.\n\n**Re c12:** that was done before.')
  expect([...replies]).toEqual([
    [0, 'Two remarks.'],
    [1, 'renamed it.\nAlso its test.'],
    [12, 'that was done before.'],
  ])
})

test('a summary without numbers answers whatever was asked', () => {
  expect([...repliesIn('Done.')]).toEqual([[0, 'Done.']])
  expect(repliesIn('').size).toBe(0)
})
