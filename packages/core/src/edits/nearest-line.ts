// For orientation in an error message only: nothing is ever changed at a place that is merely near.

import { splitLines } from './lines.ts'

export interface NearLine {
  text: string
  /** From 1. */
  line: number
  isSame: boolean
}

const SHOWN = 120
const LEAST_ALIKE = 0.5
const SHORTEST = 8

/** The line of the source that best shows where the old text may have come from: one they share, else one that begins and ends alike. */
export function nearestLine(source: string, oldText: string): NearLine | null {
  const wanted = oldText.split('\n').map((line) => line.trim())
  return sharedLine(source, wanted) ?? similarLine(source, wanted)
}

/** The longest line that the file has, once if possible. */
function sharedLine(source: string, wanted: string[]): NearLine | null {
  const places = new Map<string, { line: number; count: number }>()
  for (const [index, line] of splitLines(source).entries()) {
    const text = line.text.trim()
    const known = places.get(text)
    if (known === undefined) places.set(text, { line: index + 1, count: 1 })
    else known.count++
  }
  const [best] = wanted
    .filter((text) => text.length >= 3 && places.has(text))
    .sort((left, right) => places.get(left)!.count - places.get(right)!.count || right.length - left.length)
  return best === undefined ? null : { text: best.slice(0, SHOWN), line: places.get(best)!.line, isSame: true }
}

function similarLine(source: string, wanted: string[]): NearLine | null {
  const sample = wanted.reduce((longest, text) => (text.length > longest.length ? text : longest), '')
  if (sample.length < SHORTEST) return null
  let best: NearLine | null = null
  let mostAlike = LEAST_ALIKE
  for (const [index, line] of splitLines(source).entries()) {
    const text = line.text.trim()
    const alike = sameEnds(sample, text) / Math.max(sample.length, text.length)
    if (alike <= mostAlike) continue
    mostAlike = alike
    best = { text: text.slice(0, SHOWN), line: index + 1, isSame: false }
  }
  return best
}

/** UTF-16 units that two texts have in common at their start and at their end. */
function sameEnds(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start++
  let end = 0
  while (end < most - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++
  return start + end
}
