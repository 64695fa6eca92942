export const KEEP_TOKENS = 20_000

export interface CutItem {
  seq: number
  tokens: number
  /** A person's message that begins a turn: the best place to cut. */
  startsTurn: boolean
  /** Keeping from here would leave a tool result without its call. */
  breaksPair: boolean
}

/**
 * The seq to keep from (items given oldest first) so that about the newest `keepTokens` stay and no call is parted from its result.
 * A turn's start is preferred when one lies between half and one and a half times that size. Null when nothing before the cut would be won.
 */
export function chooseCut(items: readonly CutItem[], keepTokens = KEEP_TOKENS): number | null {
  const suffixes = suffixTokens(items)
  const allowed = items
    .map((item, index) => ({ item, index, kept: suffixes[index]! }))
    .filter((cut) => cut.index > 0 && !cut.item.breaksPair)
  if (allowed.length === 0 || suffixes[0]! <= keepTokens) return null
  const turnStart = allowed.findLast((cut) => cut.item.startsTurn && cut.kept >= keepTokens / 2 && cut.kept <= keepTokens * 1.5)
  if (turnStart !== undefined) return turnStart.item.seq
  // The largest tail that fits; when even the last step alone is larger, that step.
  const fitting = allowed.find((cut) => cut.kept <= keepTokens)
  return (fitting ?? allowed.at(-1)!).item.seq
}

function suffixTokens(items: readonly CutItem[]): number[] {
  const sums = new Array<number>(items.length)
  let sum = 0
  for (let index = items.length - 1; index >= 0; index--) {
    sum += items[index]!.tokens
    sums[index] = sum
  }
  return sums
}
