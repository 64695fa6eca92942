// The last line of defence: takes the secrets that this installation knows out of everything that is stored, shown or sent to a model.
// It looks for known values only: source code full of other people's example keys must come through unchanged.

import { type LiteralFinder, makeLiteralFinder, type Range } from './find-literals.ts'
import { maskRanges, maskStream, type StreamRedactor } from './mask-ranges.ts'
import { formsOfAll } from './secret-forms.ts'

export interface SecretGuard {
  text(text: string): string
  /** The same value with every text in it guarded, names included; the very same object when there is nothing to take out. */
  value<T>(value: T): T
  /** For contents that may be no text at all; the very same array when there is nothing to take out. */
  bytes(bytes: Uint8Array): Uint8Array
  /** For text that arrives in chunks. */
  stream(): StreamRedactor
}

/** Undoes gzip in base64, or returns null when it is none or grows too large. */
export type Unpack = (base64: string) => string | null

const packed = /H4sI[A-Za-z0-9+/_-]{20,}={0,2}/g
const openPacked = /(?:H4sI[A-Za-z0-9+/_-]{0,16000}={0,2}|H4?s?)$/
/** What the store leaves out of text: a secret must not come together by that. */
const unstorable = /[\0\ud800-\udfff]/
const allUnstorable = /[\0\p{Surrogate}]/gu

/** Secrets shorter than 8 characters are not looked for. Without secrets everything passes untouched. */
export function makeSecretGuard(secrets: readonly string[], unpack: Unpack): SecretGuard {
  const forms = formsOfAll(secrets)
  const finder = makeLiteralFinder(forms)
  let byteFinder: LiteralFinder | null = null

  function rangesIn(text: string): Range[] {
    const ranges = finder.find(text)
    if (text.includes('H4sI')) ranges.push(...packedRanges(text))
    return ranges
  }

  function packedRanges(text: string): Range[] {
    return [...text.matchAll(packed)].flatMap((match): Range[] => {
      const content = unpack(match[0])
      return content !== null && finder.find(content).length > 0 ? [[match.index, match.index + match[0].length]] : []
    })
  }

  function text(given: string): string {
    const ranges = [...rangesIn(given), ...finder.findEnds(given)]
    const end = finder.brokenOff(given)
    if (end !== null) ranges.push(end)
    const masked = maskRanges(given, ranges)
    if (!unstorable.test(masked)) return masked
    const stored = masked.replace(allUnstorable, '')
    const inStored = [...rangesIn(stored), ...finder.findEnds(stored)]
    return inStored.length === 0 ? masked : maskRanges(stored, inStored)
  }

  function value<T>(given: T): T {
    return guarded(given) as T // only texts inside it were replaced, by texts
  }

  function guarded(given: unknown): unknown {
    if (typeof given === 'string') return text(given)
    if (typeof given !== 'object' || given === null) return given
    return Array.isArray(given) ? guardedArray(given) : guardedObject(given)
  }

  function guardedArray(given: unknown[]): unknown[] {
    const items = given.map(guarded)
    return items.every((item, index) => item === given[index]) ? given : items
  }

  function guardedObject(given: object): object {
    let isChanged = false
    const entries = Object.entries(given).map(([name, inner]): [string, unknown] => {
      const entry: [string, unknown] = [text(name), guarded(inner)]
      isChanged ||= entry[0] !== name || entry[1] !== inner
      return entry
    })
    return isChanged ? Object.fromEntries(entries) : given
  }

  function bytes(given: Uint8Array): Uint8Array {
    const characters = fromBytes(given)
    byteFinder ??= makeLiteralFinder([...new Set(forms.map(asBytes))])
    const ranges = [...byteFinder.find(characters), ...byteFinder.findEnds(characters)]
    if (characters.includes('H4sI')) ranges.push(...packedRanges(characters))
    return ranges.length === 0 ? given : toBytes(maskRanges(characters, ranges))
  }

  function openFrom(given: string): number {
    const open = given.search(openPacked)
    return Math.min(finder.openFrom(given), open === -1 ? given.length : open)
  }

  if (forms.length === 0) return { text: same, value: same, bytes: same, stream: () => ({ push: same, end: () => '' }) }
  return { text, value, bytes, stream: () => maskStream({ find: rangesIn, openFrom, brokenOff: finder.brokenOff }) }
}

function same<T>(value: T): T {
  return value
}

/** One character for each byte of UTF-8. */
function asBytes(text: string): string {
  return fromBytes(new TextEncoder().encode(text))
}

// This encoding gives each of the 256 bytes a character of its own.
const decoder = new TextDecoder('windows-1252')

function fromBytes(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

function toBytes(characters: string): Uint8Array {
  const bytes = new Map(Array.from(fromBytes(Uint8Array.from({ length: 256 }, (_, byte) => byte)), (character, byte) => [character, byte]))
  return Uint8Array.from(characters, (character) => bytes.get(character) ?? 0)
}
