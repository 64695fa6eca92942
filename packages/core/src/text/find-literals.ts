// Finds many literal strings in a fraction of a pass: short runs of four units, taken at steps so wide that every literal must hold one,
// lead to the few literals that can stand there. Half a literal counts as one: texts are cut to a length before they come here.

/** Start (inclusive) and end (exclusive), in UTF-16 units. */
export type Range = [start: number, end: number]

export interface LiteralFinder {
  /** Every place of every literal, and of every first half of one or more; ranges may overlap. */
  find(text: string): Range[]
  /** Every place of a last half of a literal, or more. */
  findEnds(text: string): Range[]
  /** The first offset from which on the text's end could still grow into a literal; the text's length when none can. */
  openFrom(text: string): number
  /** Where the text breaks off inside a literal of which a quarter, and twelve units, are there already; null when it does not. */
  brokenOff(text: string): Range | null
}

interface Place {
  literal: string
  /** Where in the literal the run stands. */
  offset: number
}

const RUN = 4
/** Of half a literal that is looked for everywhere: what is shorter may be a word. */
const SHORTEST_HALF = 16
const WIDEST_STEP = SHORTEST_HALF - RUN + 1
/** At the end of a text, where something is more likely to be cut off. */
const SHORTEST_PART = 12

interface Index {
  isRun: Uint8Array
  places: Map<number, Place[]>
}

/** A finder for literals of at least four units. The longer the shortest one is, the faster. */
export function makeLiteralFinder(literals: readonly string[]): LiteralFinder {
  const shortest = Math.min(...literals.map((literal) => literal.length))
  const longest = Math.max(0, ...literals.map((literal) => literal.length))
  const step = Math.max(1, Math.min(shortest - RUN + 1, WIDEST_STEP))
  const beginnings = new Set(literals.flatMap((literal) => [1, 2, 3].map((length) => literal.slice(0, length))))
  const heads = indexOf(literals, () => 0, step)
  const ends = indexOf(literals, (literal) => literal.length - RUN - step + 1, step)
  const { isRun, places } = heads

  function scan(text: string, index: Index, found: (place: Place, start: number) => Range | null): Range[] {
    const ranges: Range[] = []
    if (literals.length === 0) return ranges
    const last = text.length - RUN
    for (let at = 0; at <= last; at += step) {
      const hash = hashAt(text, at)
      if (index.isRun[hash] === 0) continue
      for (const place of index.places.get(hash)!) {
        const range = found(place, at - place.offset)
        if (range !== null) ranges.push(range)
      }
    }
    return ranges
  }

  const find = (text: string): Range[] =>
    scan(text, heads, ({ literal }, start) => {
      if (start < 0) return null
      let length = 0
      while (length < literal.length && text.charCodeAt(start + length) === literal.charCodeAt(length)) length++
      return isEnough(length, literal) ? [start, start + length] : null
    })

  const findEnds = (text: string): Range[] =>
    scan(text, ends, ({ literal }, start) => {
      const end = start + literal.length
      if (end > text.length) return null
      let length = 0
      const last = literal.length - 1
      while (length <= last && length < end && text.charCodeAt(end - 1 - length) === literal.charCodeAt(last - length)) length++
      return isEnough(length, literal) ? [end - length, end] : null
    })

  function openFrom(text: string): number {
    for (let start = Math.max(0, text.length - longest + 1); start < text.length; start++) {
      if (isOpenAt(text, start)) return start
    }
    return text.length
  }

  function brokenOff(text: string): Range | null {
    for (let start = Math.max(0, text.length - longest + 1); start <= text.length - SHORTEST_PART; start++) {
      const hash = hashAt(text, start)
      if (isRun[hash] === 0) continue
      const length = text.length - start
      const isPart = ({ literal, offset }: Place): boolean =>
        offset === 0 && literal.length > length && literal.length <= length * 4 && literal.startsWith(text.slice(start))
      if (places.get(hash)!.some(isPart)) return [start, text.length]
    }
    return null
  }

  function isOpenAt(text: string, start: number): boolean {
    const length = text.length - start
    if (length < RUN) return beginnings.has(text.slice(start))
    const hash = hashAt(text, start)
    if (isRun[hash] === 0) return false
    return places.get(hash)!.some(({ literal, offset }) => offset === 0 && literal.length > length && literal.startsWith(text.slice(start)))
  }

  return { find, findEnds, openFrom, brokenOff }
}

function isEnough(length: number, { length: whole }: string): boolean {
  return length === whole || (length >= SHORTEST_HALF && length * 2 >= whole)
}

/** The runs at `step` places of each literal from where `from` says. */
function indexOf(literals: readonly string[], from: (literal: string) => number, step: number): Index {
  const isRun = new Uint8Array(0x10000)
  const places = new Map<number, Place[]>()
  for (const literal of literals) {
    for (let offset = from(literal); offset < from(literal) + step; offset++) {
      const hash = hashAt(literal, offset)
      isRun[hash] = 1
      places.set(hash, [...(places.get(hash) ?? []), { literal, offset }])
    }
  }
  return { isRun, places }
}

function hashAt(text: string, start: number): number {
  const pair = (text.charCodeAt(start) * 31 + text.charCodeAt(start + 1)) * 31 + text.charCodeAt(start + 2)
  return (pair * 31 + text.charCodeAt(start + 3)) & 0xffff
}
