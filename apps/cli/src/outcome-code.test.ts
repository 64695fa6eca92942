import type { Outcome } from '@slipway/core/events'
import type { SessionState } from '@slipway/core/state'
import { expect, test } from 'vitest'
import { outcomeCode } from './outcome-code.ts'

const ended = (outcome: Outcome, isPublished: boolean) =>
  ({
    finished: { outcome, summary: '' },
    work: { changeRequest: isPublished ? {} : null },
    ask: null,
    parked: null,
  }) as unknown as SessionState
const waiting = (ask: string | null, guard: string | null = null) =>
  ({ finished: null, ask: ask && { kind: ask }, parked: guard && { guard, reason: '' } }) as unknown as SessionState

test.each([
  ['verified', true, null, 0],
  ['verified', false, null, 3],
  ['partly-verified', true, null, 3],
  ['unverified', true, null, 3],
  ['nothing-to-do', false, null, 3],
  ['failed', false, null, 1],
  ['stopped', false, null, 4],
  ['stopped', false, 'budget', 5],
  ['stopped', false, 'approval', 4],
] as const)('%s, published: %s, last question: %s → exit code %i', (outcome, isPublished, lastAsk, code) => {
  expect(outcomeCode(ended(outcome, isPublished), lastAsk)).toBe(code)
})

test('what waits for a person is told from what waits for money', () => {
  expect(outcomeCode(waiting('approval'), 'approval')).toBe(6)
  expect(outcomeCode(waiting('budget'), 'budget')).toBe(5)
  expect(outcomeCode(waiting('continue', 'budget'), 'continue')).toBe(5)
  expect(outcomeCode(waiting('continue', 'loop'), 'continue')).toBe(6)
})
