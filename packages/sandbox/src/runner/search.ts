// Searches text files for a regular expression. Runs in a worker thread, because an expression may never end.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { locate } from './beneath.ts'
import { globMatcher } from './ignore.ts'
import { relative } from './listing.ts'
import { readStart, walk } from './walk.ts'

const SEARCH_LIMIT_MS = 20_000
const MAX_FILE = 2 * 1024 * 1024
const MAX_LINE = 400

export interface SearchInput { root: string; pattern: string; path: string; glob: string | null; limit: number; ignoreCase: boolean }
export type SearchResult = { ok: true; matches: { path: string; line: number; text: string }[]; truncated: boolean } | { ok: false; message: string }

/** Searches in another thread; `cancel` and a limit of 20 s end it. */
export function search(input: SearchInput): { result: Promise<SearchResult>; cancel: () => void } {
  const worker = new Worker(__filename, { workerData: { search: input } })
  let finish: (result: SearchResult) => void = () => undefined
  const result = new Promise<SearchResult>((resolve) => { finish = resolve })
  const end = (outcome: SearchResult): void => {
    clearTimeout(timer)
    finish(outcome)
    void worker.terminate()
  }
  const timer = setTimeout(() => end({ ok: false, message: `the search took longer than ${SEARCH_LIMIT_MS / 1000} s; use a simpler pattern or a narrower path` }), SEARCH_LIMIT_MS)
  worker.once('message', (outcome: SearchResult) => end(outcome))
  worker.once('error', (error) => end({ ok: false, message: error instanceof Error ? error.message : 'the search failed' }))
  return { result, cancel: () => end({ ok: false, message: 'the search was stopped' }) }
}

/** The search itself. */
export function searchHere(input: SearchInput): SearchResult {
  const expression = compile(input)
  if (!(expression instanceof RegExp)) return { ok: false, message: expression }
  const accepts = input.glob === null ? () => true : globMatcher(input.glob)
  if (accepts === null) return { ok: false, message: `${input.glob} is not a valid file pattern` }
  const found = locate(input.root, input.path, { makeParents: false })
  if (!found.ok) return { ok: false, message: found.message }
  const matches: { path: string; line: number; text: string }[] = []
  let truncated = false
  const visitFile = (path: string, fd: number): boolean => {
    for (const match of matchesIn(readStart(fd, MAX_FILE), expression)) {
      if (matches.length >= input.limit) { truncated = true; return false }
      matches.push({ path, ...match })
    }
    return true
  }
  try {
    if (found.fd === null || found.stat === null) return { ok: false, message: `${input.path} does not exist` }
    const base = relative(input.root, input.path)
    if (found.stat.isFile()) visitFile(base, found.fd)
    else if (found.stat.isDirectory()) {
      walk({ directory: found.fd, path: base, depth: 64, all: false, visit: (entry) => entry.kind !== 'file' || !accepts(entry.path) || visitFile(entry.path, entry.fd) })
    }
  } finally {
    found.close()
  }
  return { ok: true, matches, truncated }
}

function* matchesIn(content: Buffer | null, expression: RegExp): Generator<{ line: number; text: string }> {
  if (content === null || content.subarray(0, 8192).includes(0)) return
  let line = 0
  for (const text of content.toString('utf8').split('\n')) {
    line += 1
    if (expression.test(text)) yield { line, text: text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text.replace(/\r$/, '') }
  }
}

function compile(input: SearchInput): RegExp | string {
  try {
    return new RegExp(input.pattern, input.ignoreCase ? 'iu' : 'u')
  } catch (error) {
    return error instanceof Error ? error.message : 'not a valid regular expression'
  }
}

const task = (workerData as { search?: SearchInput } | null)?.search
if (!isMainThread && parentPort && task) parentPort.postMessage(searchHere(task))
