import type { Place } from './locate.ts'

// More than anybody would list; keeps a one-letter old text from filling the memory.
const MOST_PLACES = 1000

/** Every place (up to a thousand), overlapping ones included, where the old text stands as given. */
export function findExact(source: string, oldText: string): Place[] {
  const places: Place[] = []
  for (let start = source.indexOf(oldText); start !== -1 && places.length < MOST_PLACES; start = source.indexOf(oldText, start + 1)) {
    places.push({ start, end: start + oldText.length, rewrite: (newText) => newText })
  }
  return places
}
