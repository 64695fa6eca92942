// Finds many literal strings in one pass: a hash of four units, rolled along the text, leads to the few literals that can start there.

/** Start (inclusive) and end (exclusive), in UTF-16 units. */
export type Range = [start: number, end: number]

export interface LiteralFinder {
  /** The longest literal at each place, by start; ranges may overlap. */
  find(text: string): Range[]
  /** The first offset from which on the text's end could still grow into a literal; the text's length when none can. */
  openFrom(text: string): number
}

const GRAM = 4

/** A finder for literals of at least four units. */
export function makeLiteralFinder(literals: readonly string[]): LiteralFinder {
  const byHash = new Map<number, string[]>()
  const isStart = new Uint8Array(0x10000)
  const beginnings = new Set<string>()
  let longest = 0
  for (const literal of literals) {
    const hash = hashAt(literal, 0)
    byHash.set(
      hash,
      [...(byHash.get(hash) ?? []), literal].sort((left, right) => right.length - left.length),
    )
    isStart[hash] = 1
    longest = Math.max(longest, literal.length)
    for (let length = 1; length < GRAM; length++) beginnings.add(literal.slice(0, length))
  }

  function find(text: string): Range[] {
    const ranges: Range[] = []
    let hash = 0
    for (let index = 0; index < text.length; index++) {
      hash = ((hash << 4) ^ text.charCodeAt(index)) & 0xffff
      if (isStart[hash] === 0 || index < GRAM - 1) continue
      const start = index - GRAM + 1
      const literal = byHash.get(hash)!.find((candidate) => text.startsWith(candidate, start))
      if (literal !== undefined) ranges.push([start, start + literal.length])
    }
    return ranges
  }

  function openFrom(text: string): number {
    for (let start = Math.max(0, text.length - longest + 1); start < text.length; start++) {
      if (isOpenAt(text, start)) return start
    }
    return text.length
  }

  function isOpenAt(text: string, start: number): boolean {
    const length = text.length - start
    if (length < GRAM) return beginnings.has(text.slice(start))
    const hash = hashAt(text, start)
    if (isStart[hash] === 0) return false
    return byHash.get(hash)!.some((literal) => literal.length > length && literal.startsWith(text.slice(start)))
  }

  return { find, openFrom }
}

// Four shifts by four bits push any older unit out of the sixteen: the value depends on exactly the last four units.
function hashAt(text: string, start: number): number {
  let hash = 0
  for (let index = start; index < start + GRAM; index++) hash = ((hash << 4) ^ text.charCodeAt(index)) & 0xffff
  return hash
}
