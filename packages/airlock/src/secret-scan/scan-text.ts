// Finds secrets in one text. Pure; the caller bounds time and memory.

import { isDecoy } from './decoys.ts'
import { decodedViews } from './decoded-views.ts'
import { keywordFilter } from './keyword-filter.ts'
import { allRules } from './rules/all-rules.ts'
import type { SecretRule } from './rules/secret-rule.ts'

export interface FoundSecret {
  rule: string
  /** Starting at 1. */
  line: number
  value: string
}

interface Hit {
  rule: SecretRule
  start: number
  end: number
  value: string
}

const maxDepth = 3
/** In one view; a text with more has already failed. */
const maxHits = 300
const lockFile =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|go\.sum|go\.mod|poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|composer\.lock|Gemfile\.lock|mix\.lock|flake\.lock|packages\.lock\.json|Podfile\.lock|pubspec\.lock)$/

/** Everything in `bytes` that looks like a secret, in order of lines, each value once. */
export function scanText(path: string, bytes: Uint8Array): FoundSecret[] {
  const text = textOf(bytes)
  // Lock files are full of hashes beside names; only values that give themselves away count there. The same goes for files that are no text.
  const isPlain = !lockFile.test(path) && !text.slice(0, 8000).includes('\0')
  const hits = scanView(text, isPlain ? allRules : tokenRules, 0)
  const starts = lineStarts(text)
  const seen = new Set<string>()
  return hits
    .sort((one, other) => one.start - other.start)
    .filter(({ value }) => !seen.has(value) && seen.add(value))
    .map(({ rule, start, value }) => ({ rule: rule.id, line: lineAt(starts, start), value }))
}

const tokenRules = allRules.filter(({ kind }) => kind === 'token')

function scanView(text: string, rules: readonly SecretRule[], depth: number): Hit[] {
  const hits = matchRules(text, rules)
  if (depth === maxDepth) return hits
  for (const view of decodedViews(text)) {
    const inner = scanView(view.text, view.kind === 'joined' ? tokenRules : rules, depth + 1)
    for (const { rule, value } of inner) {
      if (!hits.some((hit) => hit.value === value)) hits.push({ rule, value, start: view.offset, end: view.offset })
    }
  }
  return hits
}

function matchRules(text: string, rules: readonly SecretRule[]): Hit[] {
  const has = keywordFilter(text.toLowerCase())
  const hits: Hit[] = []
  for (const rule of rules) {
    if (!rule.keywords.some(has)) continue
    for (const match of text.matchAll(rule.pattern)) {
      const value = match[1] ?? match[0]
      const start = match.index + match[0].indexOf(value)
      const end = start + value.length
      if (hits.some((hit) => start < hit.end && end > hit.start)) continue
      if (isDecoy(rule, value, nameBefore(text, match.index, start))) continue
      hits.push({ rule, start, end, value })
      if (hits.length >= maxHits) return hits
    }
  }
  return hits
}

/** The whole name that a value is given to, also the part before the word that the rule looks for. */
function nameBefore(text: string, from: number, valueStart: number): string {
  const left = /[A-Za-z0-9_.-]{0,40}$/.exec(text.slice(Math.max(0, from - 40), from))?.[0] ?? ''
  return `${left}${text.slice(from, valueStart)}`.replace(/[\s"'`=:>,([\]]+$/, '')
}

/** One character per byte, which keeps the search fast; UTF-16 is brought to that form. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const encoding = utf16Of(buffer)
  if (encoding === null) return buffer.toString('latin1')
  const even = Buffer.from(buffer.subarray(0, buffer.length - (buffer.length % 2)))
  return Buffer.from((encoding === 'le' ? even : even.swap16()).toString('utf16le'), 'utf8').toString('latin1')
}

function utf16Of(buffer: Buffer): 'le' | 'be' | null {
  if (buffer.length < 4) return null
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return 'le'
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return 'be'
  const head = buffer.subarray(0, 400)
  const zeros = [...head.keys()].filter((index) => head[index] === 0)
  const odd = zeros.filter((index) => index % 2 === 1).length
  const even = zeros.length - odd
  if (odd > head.length * 0.4 && even === 0) return 'le'
  if (even > head.length * 0.4 && odd === 0) return 'be'
  return null
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineAt(starts: number[], offset: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}
