// Newer tokenizers cut the same text into more tokens than the estimate assumes.

/** Claude models since Opus 4.7: up to 35 % more tokens than before for the same text. */
const DENSER = /^anthropic\/claude-(?:opus-4-[789]|(?:opus|sonnet|haiku|fable|mythos)-(?:[5-9]|\d{2})(?!\d))/

const DENSITY = 1.35

/** What to multiply an estimate of tokens by for `provider/model`. */
export function tokenDensity(model: string): number {
  return DENSER.test(model) ? DENSITY : 1
}
