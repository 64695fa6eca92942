/** Past this size answers get slower, dearer and worse in any model, however large its window. */
export const CAP_TOKENS = 160_000

/** Distance to a price tier, for what a step may add before it is measured again. */
const TIER_MARGIN_TOKENS = 10_000

/** Kept free beside the answer for the estimate's error and one large tool result. */
const SLACK_TOKENS = 8_000

export interface SoftCapInput {
  contextWindow: number
  maxOutputTokens: number
  /** Input size above which the provider bills a dearer tier; null when it has none. */
  tierTokens: number | null
}

/** Prompt tokens at which the context is pruned or compacted: the window less a reserve, the price tier less 10k, or 160k, whichever is least. */
export function softCap(input: SoftCapInput): number {
  // Small local windows cannot give most of themselves away: half the window stays usable.
  const reserve = Math.min(input.maxOutputTokens + SLACK_TOKENS, Math.floor(input.contextWindow / 2))
  const tierCap = input.tierTokens === null ? Number.POSITIVE_INFINITY : input.tierTokens - TIER_MARGIN_TOKENS
  return Math.min(input.contextWindow - reserve, tierCap, CAP_TOKENS)
}
