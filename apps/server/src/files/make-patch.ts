// A unified diff of one file, for people to look at.

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** A pair that takes longer is shown as replaced as a whole. */
const DIFF_LIMIT_MS = 500

export interface Patch {
  /** Empty for binary contents. */
  patch: string
  added: number
  removed: number
  isBinary: boolean
}

/** `before` and `after` are contents; null where there is no file. */
export function makePatch(input: {
  path: string
  oldPath: string | null
  before: Uint8Array | null
  after: Uint8Array | null
  context: number
}): Patch {
  const { path, oldPath, before, after, context } = input
  if ((before !== null && isBinary(before)) || (after !== null && isBinary(after)))
    return { patch: '', added: 0, removed: 0, isBinary: true }
  const [old, fresh] = [decode(before), decode(after)]
  const names: [string, string] = [before === null ? '/dev/null' : `a/${oldPath ?? path}`, after === null ? '/dev/null' : `b/${path}`]
  const patch =
    createTwoFilesPatch(...names, old, fresh, undefined, undefined, {
      context,
      timeout: DIFF_LIMIT_MS,
      headerOptions: FILE_HEADERS_ONLY,
    }) ?? replacedWhole(names, old, fresh)
  const lines = patch.split('\n').slice(2)
  return {
    patch,
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    isBinary: false,
  }
}

/** As git decides it: a NUL among the first 8,000 bytes. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8_000).includes(0)
}

function decode(bytes: Uint8Array | null): string {
  return bytes === null ? '' : new TextDecoder().decode(bytes)
}

function replacedWhole([from, to]: [string, string], old: string, fresh: string): string {
  const [minus, plus] = [old, fresh].map((text) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))) as [string[], string[]]
  const head = `@@ -${minus.length === 0 ? 0 : 1},${minus.length} +${plus.length === 0 ? 0 : 1},${plus.length} @@`
  return [`--- ${from}`, `+++ ${to}`, head, ...minus.map((line) => `-${line}`), ...plus.map((line) => `+${line}`), ''].join('\n')
}
