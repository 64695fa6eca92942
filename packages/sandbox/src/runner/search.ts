// Searches text files for a regular expression.

import { locate } from './beneath.ts'
import { globMatcher } from './ignore.ts'
import { relative } from './listing.ts'
import { readStart, walk } from './walk.ts'

const MAX_FILE = 2 * 1024 * 1024
const MAX_LINE = 400

export interface SearchInput {
  root: string
  pattern: string
  path: string
  glob: string | null
  limit: number
  ignoreCase: boolean
}
export type SearchResult =
  | { ok: true; matches: { path: string; line: number; text: string }[]; truncated: boolean }
  | { ok: false; message: string }

/** May never return: run it in a thread that can be ended. */
export function search(input: SearchInput): SearchResult {
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
      if (matches.length >= input.limit) {
        truncated = true
        return false
      }
      matches.push({ path, ...match })
    }
    return true
  }
  try {
    if (found.fd === null || found.stat === null) return { ok: false, message: `${input.path} does not exist` }
    const base = relative(input.root, input.path)
    if (found.stat.isFile()) visitFile(base, found.fd)
    else if (found.stat.isDirectory()) {
      walk({
        directory: found.fd,
        path: base,
        depth: 64,
        all: false,
        visit: (entry) => entry.kind !== 'file' || !accepts(entry.path) || visitFile(entry.path, entry.fd),
      })
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
