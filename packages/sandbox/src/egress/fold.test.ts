import type { Clock, EgressDecision } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { foldDecisions, OTHER_HOSTS } from './fold.ts'

/** A clock that stands until it is told to go on. */
function handClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 0
  let sleepers: { until: number; wake(): void }[] = []
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise<void>((resolve) => {
        sleepers.push({ until: now + ms, wake: resolve })
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
    async advance(ms) {
      now += ms
      const due = sleepers.filter(({ until }) => until <= now)
      sleepers = sleepers.filter(({ until }) => until > now)
      for (const { wake } of due) wake()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

const refused = (host: string): Omit<EgressDecision, 'count'> => ({
  host,
  port: 443,
  decision: 'denied',
  reason: 'not-allowed',
  phase: 'agent',
})
const counted = (decisions: EgressDecision[]): number => decisions.reduce((sum, { count }) => sum + count, 0)

test('equal attempts are one decision at once and one with their number later', async () => {
  const clock = handClock()
  const passed: EgressDecision[] = []
  const fold = foldDecisions(clock, (decision) => passed.push(decision))
  for (let attempt = 0; attempt < 100_000; attempt += 1) fold.add(refused('evil.test'))
  expect(passed).toEqual([{ ...refused('evil.test'), count: 1 }])
  await clock.advance(2_000)
  expect(passed.map(({ count }) => count)).toEqual([1, 99_999])
})

test('a flood of different hosts over a day stays a few hundred lines and some each minute, and every attempt is counted', async () => {
  const clock = handClock()
  const passed: EgressDecision[] = []
  const fold = foldDecisions(clock, (decision) => passed.push(decision))
  let attempts = 0
  const minutes = 24 * 60
  for (let second = 0; second < minutes * 60; second += 10) {
    for (let each = 0; each < 10; each += 1) fold.add(refused(`h${(attempts += 1)}.test`))
    await clock.advance(10_000)
  }
  fold.flush()
  expect(counted(passed)).toBe(attempts)
  expect(passed.length).toBeLessThan(400 + 30 * minutes)
})

test('100,000 different hosts in one go are at most 200 lines and one more', async () => {
  const clock = handClock()
  const passed: EgressDecision[] = []
  const fold = foldDecisions(clock, (decision) => passed.push(decision))
  for (let attempt = 0; attempt < 100_000; attempt += 1) fold.add(refused(`h${attempt}.test`))
  await clock.advance(60_000)
  expect(passed.length).toBe(201)
  expect(passed.at(-1)).toEqual({ ...refused(OTHER_HOSTS), port: 0, count: 99_800 })
})

test('a flood of refused hosts does not hide an allowed one', () => {
  const passed: EgressDecision[] = []
  const fold = foldDecisions(handClock(), (decision) => passed.push(decision))
  for (let attempt = 0; attempt < 1_000; attempt += 1) fold.add(refused(`h${attempt}.test`))
  const allowed = { ...refused('drop.test'), decision: 'allowed' as const, reason: 'allow-list' }
  fold.add(allowed)
  expect(passed.at(-1)).toEqual({ ...allowed, count: 1 })
})
