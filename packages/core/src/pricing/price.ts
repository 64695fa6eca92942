// What a model costs. Money is integer micro-dollars; prices are micro-dollars per million tokens.

export interface ModelPrice {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  /** Above this many input tokens the whole call is billed at the second set. */
  tier: { aboveInputTokens: number; input: number; output: number; cacheRead: number; cacheWrite: number } | null
}
