// Takes credentials out of text on its way to a log, an event, a model or a screen.

import { credentialOpenFrom, findCredentials } from './credential-patterns.ts'
import { type LiteralFinder, makeLiteralFinder, type Range } from './find-literals.ts'
import { secretForms, SHORTEST_SECRET } from './secret-forms.ts'

const MASK = '[secret]'

/** More than the longest name of a credential with its scheme and spaces. */
const CONTEXT = 64
const LONGEST_CONTEXT_WORD = 512

/**
 * Returns a function that replaces each of the secrets (8 characters or longer) by `[secret]`, whether it stands there plain, reversed,
 * by line, or in base64, hex, percent- or JSON-encoding; and whatever looks like a provider's key, a bearer token, a private key or a URL's login.
 */
export function makeRedactor(secrets: readonly string[]): (text: string) => string {
  const finder = finderFor(secrets)
  return (text) => mask(text, 0, text.length, rangesIn(text, finder))
}

export interface StreamRedactor {
  /** The part of the stream so far that no later chunk can turn into a secret. */
  push(chunk: string): string
  /** The rest. */
  end(): string
}

/** As makeRedactor, for text that arrives in chunks: a secret is found wherever the chunks are cut. Holds back only what may be a secret's beginning. */
export function makeStreamRedactor(secrets: readonly string[]): StreamRedactor {
  const finder = finderFor(secrets)
  // The last characters already handed out stay in front: what names a credential may stand there.
  let buffer = ''
  let done = 0

  function push(chunk: string): string {
    buffer += chunk
    const ranges = rangesIn(buffer, finder)
    const open = Math.max(done, Math.min(finder.openFrom(buffer), credentialOpenFrom(buffer)))
    return handOut(beforeRanges(open, ranges), ranges)
  }

  function end(): string {
    return handOut(buffer.length, rangesIn(buffer, finder))
  }

  function handOut(upTo: number, ranges: readonly Range[]): string {
    const text = mask(buffer, done, Math.max(done, upTo), ranges)
    const keepFrom = contextFrom(buffer, Math.max(done, upTo))
    done = Math.max(done, upTo) - keepFrom
    buffer = buffer.slice(keepFrom)
    return text
  }

  return { push, end }
}

// Back to a word's start, so that no pattern takes the middle of a word for its beginning; but not through a word without end.
function contextFrom(text: string, position: number): number {
  let from = Math.max(0, position - CONTEXT)
  const least = Math.max(0, from - LONGEST_CONTEXT_WORD)
  while (from > least && !/\s/.test(text[from - 1]!)) from--
  return from
}

function finderFor(secrets: readonly string[]): LiteralFinder {
  const long = secrets.filter((secret) => secret.trim().length >= SHORTEST_SECRET)
  return makeLiteralFinder([...new Set(long.flatMap(secretForms))])
}

function rangesIn(text: string, finder: LiteralFinder): Range[] {
  return merge([...finder.find(text), ...findCredentials(text)])
}

function merge(ranges: Range[]): Range[] {
  const merged: Range[] = []
  for (const [start, end] of ranges.sort((left, right) => left[0] - right[0])) {
    const last = merged.at(-1)
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

// A secret at the cut waits as a whole: it may grow.
function beforeRanges(cut: number, ranges: readonly Range[]): number {
  return ranges.find(([start, end]) => start < cut && cut < end)?.[0] ?? cut
}

function mask(text: string, from: number, to: number, ranges: readonly Range[]): string {
  const parts: string[] = []
  let position = from
  for (const [start, end] of ranges) {
    if (end <= position || start >= to) continue
    parts.push(text.slice(position, Math.max(position, start)), MASK)
    position = Math.min(end, to)
  }
  parts.push(text.slice(position, to))
  return parts.join('')
}
