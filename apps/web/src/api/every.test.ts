// @vitest-environment happy-dom

import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { every } from './every.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The states that somebody sees within a minute. */
async function seen(answer: () => Promise<string>): Promise<{ states: string[]; asked: number }> {
  let asked = 0
  const queryFn = (): Promise<string> => {
    asked += 1
    return answer()
  }
  const client = new QueryClient()
  const observer = new QueryObserver(client, { queryKey: ['x'], queryFn, retry: false, refetchInterval: every(5_000) })
  const states: string[] = []
  const leave = observer.subscribe(({ status }) => void (states.at(-1) !== status && states.push(status)))
  await vi.advanceTimersByTimeAsync(60_000)
  leave()
  client.clear()
  return { states, asked }
}

test('a failure without any answer stays in sight', async () => {
  const { states, asked } = await seen(() => Promise.reject(new Error('no')))
  expect([states.at(-1), states.filter((state) => state === 'error').length, asked]).toEqual(['error', 1, 1])
})

test('once there is an answer, it is asked for again and again', async () => {
  expect((await seen(() => Promise.resolve('yes'))).asked).toBeGreaterThan(5)
})
