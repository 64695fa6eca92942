// Finds where an edit's old text stands in a file. Three rungs, each an exact comparison of what it compares; none weighs similarity.

import { findExact } from './find-exact.ts'
import { findIgnoringLineEnds } from './find-line-ends.ts'
import { findIndented } from './find-indented.ts'
import type { Source } from './source.ts'

export type Rung = 'exact' | 'line-ends' | 'indentation'

/** A place in the source, in UTF-16 units, end exclusive. */
export interface Span {
  start: number
  end: number
}

export interface Place extends Span {
  /** What to write there for the given new text; null when it cannot be indented like the file. */
  rewrite(newText: string): string | null
}

export type Located =
  | { ok: true; rung: Rung; place: Place }
  | { ok: false; kind: 'not-found' }
  | { ok: false; kind: 'ambiguous'; rung: Rung; starts: number[] }

/** The one place of `oldText` on the first rung that has any; several places there are ambiguous, and lower rungs are not tried. */
export function locate(source: Source, oldText: string): Located {
  const rungs: [Rung, (source: Source, oldText: string) => Place[]][] = [
    ['exact', findExact],
    ['line-ends', findIgnoringLineEnds],
    ['indentation', findIndented],
  ]
  for (const [rung, find] of rungs) {
    const places = find(source, oldText)
    const [place] = places
    if (place === undefined) continue
    if (places.length > 1) return { ok: false, kind: 'ambiguous', rung, starts: places.map((each) => each.start) }
    return { ok: true, rung, place }
  }
  return { ok: false, kind: 'not-found' }
}
