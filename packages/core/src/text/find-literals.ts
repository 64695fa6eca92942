// Finds many literal strings in a fraction of a pass: short runs of four units, taken at steps so wide that every literal must hold one,
// lead to the few literals that can stand there.

/** Start (inclusive) and end (exclusive), in UTF-16 units. */
export type Range = [start: number, end: number]

export interface LiteralFinder {
  /** Every place of every literal; ranges may overlap. */
  find(text: string): Range[]
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
const WIDEST_STEP = 16
const SHORTEST_PART = 12

/** A finder for literals of at least four units. The longer the shortest one is, the faster. */
export function makeLiteralFinder(literals: readonly string[]): LiteralFinder {
  const shortest = Math.min(...literals.map((literal) => literal.length))
  const longest = Math.max(0, ...literals.map((literal) => literal.length))
  const step = Math.max(1, Math.min(shortest - RUN + 1, WIDEST_STEP))
  const isRun = new Uint8Array(0x10000)
  const places = new Map<number, Place[]>()
  const beginnings = new Set<string>()
  for (const literal of literals) {
    for (let offset = 0; offset < step; offset++) {
      const hash = hashAt(literal, offset)
      isRun[hash] = 1
      places.set(hash, [...(places.get(hash) ?? []), { literal, offset }])
    }
    for (let length = 1; length < RUN; length++) beginnings.add(literal.slice(0, length))
  }

  function find(text: string): Range[] {
    const ranges: Range[] = []
    if (literals.length === 0) return ranges
    const last = text.length - RUN
    for (let index = 0; index <= last; index += step) {
      const hash = hashAt(text, index)
      if (isRun[hash] === 0) continue
      for (const { literal, offset } of places.get(hash)!) {
        const start = index - offset
        if (start >= 0 && text.startsWith(literal, start)) ranges.push([start, start + literal.length])
      }
    }
    return ranges
  }

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

  return { find, openFrom, brokenOff }
}

function hashAt(text: string, start: number): number {
  const pair = (text.charCodeAt(start) * 31 + text.charCodeAt(start + 1)) * 31 + text.charCodeAt(start + 2)
  return (pair * 31 + text.charCodeAt(start + 3)) & 0xffff
}
