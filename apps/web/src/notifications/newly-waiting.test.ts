import { expect, test } from 'vitest'
import { keyOf, newlyWaiting } from './newly-waiting.ts'

const clock = { id: 'a', title: 'Clock', question: 'Push?' }
const parser = { id: 'b', title: 'Parser', question: null }

test('what waits already when the page opens is not told', () => {
  expect(newlyWaiting(null, [clock, parser])).toEqual([])
})

test('each new question is told once', () => {
  const seen = new Set([keyOf(clock)])
  expect(newlyWaiting(seen, [clock, parser])).toEqual([parser])
  expect(newlyWaiting(seen, [{ ...clock, question: 'Which branch?' }])).toEqual([{ ...clock, question: 'Which branch?' }])
  expect(newlyWaiting(new Set([keyOf(clock), keyOf(parser)]), [clock, parser])).toEqual([])
})
