// Puts `[secret]` in the place of what was found in a text, whole or arriving in chunks.

import type { LiteralFinder, Range } from './find-literals.ts'

const MASK = '[secret]'

/** The text with each range replaced; ranges may overlap and come in any order. */
export function maskRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  const parts: string[] = []
  let position = 0
  for (const [start, end] of merge(ranges)) {
    parts.push(text.slice(position, start), MASK)
    position = end
  }
  parts.push(text.slice(position))
  return parts.join('')
}

export interface StreamRedactor {
  /** The part of the stream so far that no later chunk can turn into a secret. */
  push(chunk: string): string
  /** The rest. */
  end(): string
}

/** Finds literals wherever the chunks are cut. Holds back only what may be a literal's beginning. */
export function maskStream(finder: Omit<LiteralFinder, 'findEnds'>): StreamRedactor {
  let held = ''
  return {
    push(chunk) {
      const text = held + chunk
      const ranges = finder.find(text)
      const cut = beforeRanges(finder.openFrom(text), merge(ranges))
      held = text.slice(cut)
      return maskRanges(
        text.slice(0, cut),
        ranges.filter(([, end]) => end <= cut),
      )
    },
    end() {
      const text = held
      held = ''
      const end = finder.brokenOff(text)
      return maskRanges(text, end === null ? finder.find(text) : [...finder.find(text), end])
    },
  }
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = []
  for (const [start, end] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const last = merged.at(-1)
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

// A literal at the cut waits as a whole: it may grow.
function beforeRanges(cut: number, merged: readonly Range[]): number {
  return merged.find(([start, end]) => start < cut && cut < end)?.[0] ?? cut
}
