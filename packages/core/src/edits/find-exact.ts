import type { Place } from './locate.ts'
import type { Source } from './source.ts'

// More than anybody would list; keeps a one-letter old text from filling the memory.
const MOST_PLACES = 1000

/** Every place (up to a thousand), overlapping ones included, where the old text stands as given. A place never splits a CRLF. */
export function findExact({ text: source }: Source, oldText: string): Place[] {
  const places: Place[] = []
  for (let start = source.indexOf(oldText); start !== -1 && places.length < MOST_PLACES; start = source.indexOf(oldText, start + 1)) {
    places.push(wholeLineEnds(source, start, start + oldText.length))
  }
  return places
}

function wholeLineEnds(source: string, start: number, end: number): Place {
  const from = splitsLineEnd(source, start) ? start - 1 : start
  if (!splitsLineEnd(source, end)) return { start: from, end, rewrite: (newText) => newText }
  return { start: from, end: end - 1, rewrite: (newText) => newText.replace(/\r$/, '') }
}

function splitsLineEnd(source: string, offset: number): boolean {
  return source[offset - 1] === '\r' && source[offset] === '\n'
}
