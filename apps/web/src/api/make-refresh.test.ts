// @vitest-environment happy-dom

import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeRefresh } from './make-refresh.ts'

const ANSWER_MS = 1_000
/** What the server would answer. */
let now: number
let shown: unknown
let leave: () => void
let refresh: () => void
const client = new QueryClient()

beforeEach(() => {
  vi.useFakeTimers()
  now = 1
  const queryFn = ({ signal }: { signal: AbortSignal }): Promise<number> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error))
      const answer = now
      setTimeout(() => resolve(answer), ANSWER_MS)
    })
  const observer = new QueryObserver(client, { queryKey: ['sessions', 'all'], queryFn })
  leave = observer.subscribe(({ data }) => void (shown = data))
  refresh = makeRefresh(client, ['sessions'])
})
afterEach(() => {
  leave()
  client.clear()
  vi.useRealTimers()
})

function change(): void {
  now++
  refresh()
}

test('a change that is told while the first answer is on its way is not missed', async () => {
  await vi.advanceTimersByTimeAsync(ANSWER_MS / 2)
  change()
  await vi.advanceTimersByTimeAsync(2 * ANSWER_MS)
  expect(shown).toBe(2)
})

test('changes that come faster than answers hold none of them up, and the last one is shown', async () => {
  await vi.advanceTimersByTimeAsync(ANSWER_MS)
  for (let turn = 0; turn < 10; turn++) {
    change()
    await vi.advanceTimersByTimeAsync(ANSWER_MS / 2)
  }
  expect(shown).toBeGreaterThan(5)
  await vi.advanceTimersByTimeAsync(2 * ANSWER_MS)
  expect(shown).toBe(11)
})
