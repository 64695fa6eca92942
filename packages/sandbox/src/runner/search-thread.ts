// Runs a search in a thread of its own, because an expression may never end.
// The module for threads is loaded at the first search: it makes Node start several milliseconds later.

import type { SearchInput, SearchResult } from './search.ts'

const LIMIT_MS = 20_000
const threads = (): typeof import('node:worker_threads') => process.getBuiltinModule('node:worker_threads')

/** Searches in another thread; `cancel` and a limit of 20 s end it. */
export function searchInThread(input: SearchInput): { result: Promise<SearchResult>; cancel: () => void } {
  const worker = new (threads().Worker)(`${__dirname}/search-worker.cjs`, { workerData: { search: input } })
  let finish: (result: SearchResult) => void = () => undefined
  const result = new Promise<SearchResult>((resolve) => {
    finish = resolve
  })
  const end = (outcome: SearchResult): void => {
    clearTimeout(timer)
    finish(outcome)
    void worker.terminate()
  }
  const timer = setTimeout(
    () => end({ ok: false, message: `the search took longer than ${LIMIT_MS / 1000} s; use a simpler pattern or a narrower path` }),
    LIMIT_MS,
  )
  worker.once('message', (outcome: SearchResult) => end(outcome))
  worker.once('error', (error) => end({ ok: false, message: error instanceof Error ? error.message : 'the search failed' }))
  return { result, cancel: () => end({ ok: false, message: 'the search was stopped' }) }
}
