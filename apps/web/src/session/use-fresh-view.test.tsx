// @vitest-environment happy-dom

import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query'
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useFreshView } from './use-fresh-view.ts'

const KEY = ['session', 's1']
let head: number
let listeners: Set<() => void>
/** Answers the readings in the order in which they were begun. */
let answers: ((head: number) => void)[]
let begun: number

beforeEach(() => {
  vi.useFakeTimers()
  head = 0
  listeners = new Set()
  answers = []
  begun = 0
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const store = {
  getHead: () => head,
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

function Page() {
  const view = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) =>
      new Promise((resolve, reject) => {
        begun++
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        answers.push((seq) => resolve({ head: seq }))
      }),
    retry: false,
  })
  useFreshView(store, KEY)
  return <p>{JSON.stringify(view.data)}</p>
}

function open(): { shown(): string | null } {
  const { container } = render(
    <QueryClientProvider client={new QueryClient()}>
      <Page />
    </QueryClientProvider>,
  )
  return { shown: () => container.textContent }
}

async function come(seq: number): Promise<void> {
  await act(async () => {
    head = seq
    for (const listener of listeners) listener()
    await vi.advanceTimersByTimeAsync(0)
  })
}
const wait = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)))
async function answer(seq: number): Promise<void> {
  answers.shift()?.(seq)
  await wait(0)
}

test('a first view that is older than the first events is read again, one that is as new is not', async () => {
  const page = open()
  await come(7)
  await answer(5)
  await wait(200)
  await answer(7)
  await wait(1_000)
  expect([page.shown(), begun]).toEqual(['{"head":7}', 2])
})

test('what happens while the first view is on its way is not missed', async () => {
  const page = open()
  await come(7)
  await wait(200)
  await come(8)
  await wait(200)
  await answer(7)
  await wait(200)
  await answer(8)
  expect([page.shown(), begun]).toEqual(['{"head":8}', 2])
})

test('a reading that takes longer than the time between two events comes to its end', async () => {
  const page = open()
  await come(1)
  await answer(1)
  for (let seq = 2; seq <= 6; seq++) {
    await come(seq)
    await wait(150)
  }
  await answer(2)
  expect([page.shown(), begun]).toEqual(['{"head":2}', 2])
  await wait(200)
  await answer(6)
  await wait(1_000)
  expect([page.shown(), begun]).toEqual(['{"head":6}', 3])
})
