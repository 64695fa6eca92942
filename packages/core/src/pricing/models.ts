// List prices in US dollars per million tokens, and windows, as the providers published them. Standard processing, five-minute cache writes.
// A name ending in `*` is a family: it covers every name that begins so. Other names also cover their dated and `-latest`/`-preview` forms.

/** When the list was last compared with the providers' price pages. */
export const LIST_DATE = '2026-10-09'

export interface ListedModel {
  name: string
  context: number
  output: number
  /** Takes a reasoning effort. */
  effort: boolean
  usd: { input: number; output: number; cacheRead: number; cacheWrite: number }
  /** The dearer prices of a call whose input is longer than this. */
  above?: { tokens: number; input: number; output: number; cacheRead: number; cacheWrite: number }
}

type Sizes = [context: number, output: number]
type Usd = [input: number, output: number, cacheRead: number, cacheWrite: number]

const THINKS = true
const PLAIN = false

function listed(name: string, [context, output]: Sizes, effort: boolean, usd: Usd, above?: [tokens: number, ...Usd]): ListedModel {
  const entry = { name, context, output, effort, usd: rates(usd) }
  if (above === undefined) return entry
  const [tokens, ...dearer] = above
  return { ...entry, above: { tokens, ...rates(dearer) } }
}

function rates([input, output, cacheRead, cacheWrite]: Usd) {
  return { input, output, cacheRead, cacheWrite }
}

const M1_128K: Sizes = [1_000_000, 128_000]
const K200_64K: Sizes = [200_000, 64_000]
const K200_32K: Sizes = [200_000, 32_000]
const GPT: Sizes = [1_050_000, 128_000]
const GPT_400K: Sizes = [400_000, 128_000]
const GEMINI: Sizes = [1_048_576, 65_536]

// https://platform.claude.com/docs/en/about-claude/pricing
const ANTHROPIC = [
  listed('anthropic/claude-fable-5-1*', M1_128K, THINKS, [10, 50, 0.25, 12.5]),
  listed('anthropic/claude-fable-5*', M1_128K, THINKS, [10, 50, 1, 12.5]),
  listed('anthropic/claude-mythos-5-1*', M1_128K, THINKS, [10, 50, 0.25, 12.5]),
  listed('anthropic/claude-mythos-5*', M1_128K, THINKS, [10, 50, 1, 12.5]),
  listed('anthropic/claude-opus-5-5*', M1_128K, THINKS, [4, 20, 0.2, 5]),
  listed('anthropic/claude-opus-5*', M1_128K, THINKS, [5, 25, 0.5, 6.25]),
  listed('anthropic/claude-opus-4-8*', M1_128K, THINKS, [5, 25, 0.5, 6.25]),
  listed('anthropic/claude-opus-4-7*', M1_128K, THINKS, [5, 25, 0.5, 6.25]),
  listed('anthropic/claude-opus-4-6*', M1_128K, THINKS, [5, 25, 0.5, 6.25]),
  listed('anthropic/claude-opus-4-6-fast*', M1_128K, THINKS, [30, 150, 3, 37.5]),
  listed('anthropic/claude-opus-4-5*', K200_64K, THINKS, [5, 25, 0.5, 6.25]),
  listed('anthropic/claude-opus-4*', K200_32K, PLAIN, [15, 75, 1.5, 18.75]),
  listed('anthropic/claude-sonnet-5-5*', M1_128K, THINKS, [2, 10, 0.1, 2.5]),
  listed('anthropic/claude-sonnet-5*', M1_128K, THINKS, [2, 10, 0.2, 2.5]),
  listed('anthropic/claude-sonnet-4-6*', [1_000_000, 64_000], THINKS, [3, 15, 0.3, 3.75]),
  listed('anthropic/claude-sonnet-4*', K200_64K, PLAIN, [3, 15, 0.3, 3.75]),
  listed('anthropic/claude-3-7-sonnet*', K200_64K, PLAIN, [3, 15, 0.3, 3.75]),
  listed('anthropic/claude-haiku-5-5*', M1_128K, THINKS, [0.1, 0.5, 0.01, 0.125], [100_000, 0.5, 2.5, 0.05, 0.625]),
  listed('anthropic/claude-haiku-4*', K200_64K, PLAIN, [1, 5, 0.1, 1.25]),
  listed('anthropic/claude-3-5-haiku*', [200_000, 8_192], PLAIN, [0.8, 4, 0.08, 1]),
]

// https://developers.openai.com/api/docs/pricing. Models without a price for cache writes do not charge them apart from input.
const OPENAI = [
  listed('openai/gpt-6.1-sol', GPT, THINKS, [2, 10, 0.1, 2.5], [272_000, 4, 15, 0.2, 5]),
  listed('openai/gpt-6-astra', GPT, THINKS, [10, 50, 1, 12.5], [272_000, 20, 75, 2, 25]),
  listed('openai/gpt-6-sol', GPT, THINKS, [2, 10, 0.2, 2.5], [272_000, 4, 15, 0.4, 5]),
  listed('openai/gpt-6-luna', GPT, THINKS, [0.1, 0.5, 0.01, 0.125], [272_000, 0.2, 0.75, 0.02, 0.25]),
  listed('openai/gpt-5.6', GPT, THINKS, [4, 20, 0.4, 5], [272_000, 8, 30, 0.8, 10]),
  listed('openai/gpt-5.6-sol', GPT, THINKS, [4, 20, 0.4, 5], [272_000, 8, 30, 0.8, 10]),
  listed('openai/gpt-5.6-terra', GPT, THINKS, [2, 12, 0.2, 2.5], [272_000, 4, 18, 0.4, 5]),
  listed('openai/gpt-5.6-luna', GPT, THINKS, [0.2, 1.2, 0.02, 0.25], [272_000, 0.4, 1.8, 0.04, 0.5]),
  listed('openai/gpt-5.5', GPT, THINKS, [5, 30, 0.5, 5], [272_000, 10, 45, 1, 10]),
  listed('openai/gpt-5.5-pro', GPT, THINKS, [30, 180, 30, 30], [272_000, 60, 270, 60, 60]),
  listed('openai/gpt-5.4', GPT, THINKS, [2.5, 15, 0.25, 2.5], [272_000, 5, 22.5, 0.5, 5]),
  listed('openai/gpt-5.4-mini', GPT_400K, THINKS, [0.75, 4.5, 0.075, 0.75]),
  listed('openai/gpt-5.4-nano', GPT_400K, THINKS, [0.2, 1.25, 0.02, 0.2]),
  listed('openai/gpt-5.4-pro', GPT, THINKS, [30, 180, 30, 30], [272_000, 60, 270, 60, 60]),
  listed('openai/gpt-5.3-codex', GPT_400K, THINKS, [1.75, 14, 0.175, 1.75]),
  listed('openai/gpt-5.2', GPT_400K, THINKS, [1.75, 14, 0.175, 1.75]),
  listed('openai/gpt-5.2-codex', GPT_400K, THINKS, [1.75, 14, 0.175, 1.75]),
  listed('openai/gpt-5.2-pro', GPT_400K, THINKS, [21, 168, 21, 21]),
  listed('openai/gpt-5.1', GPT_400K, THINKS, [1.25, 10, 0.125, 1.25]),
  listed('openai/gpt-5.1-codex', GPT_400K, THINKS, [1.25, 10, 0.125, 1.25]),
  listed('openai/gpt-5.1-codex-max', GPT_400K, THINKS, [1.25, 10, 0.125, 1.25]),
  listed('openai/gpt-5.1-codex-mini', GPT_400K, THINKS, [0.25, 2, 0.025, 0.25]),
  listed('openai/gpt-5', GPT_400K, THINKS, [1.25, 10, 0.125, 1.25]),
  listed('openai/gpt-5-codex', GPT_400K, THINKS, [1.25, 10, 0.125, 1.25]),
  listed('openai/gpt-5-mini', GPT_400K, THINKS, [0.25, 2, 0.025, 0.25]),
  listed('openai/gpt-5-nano', GPT_400K, THINKS, [0.05, 0.4, 0.005, 0.05]),
  listed('openai/gpt-5-pro', GPT_400K, THINKS, [15, 120, 15, 15]),
  listed('openai/gpt-4.1', [1_047_576, 32_768], PLAIN, [2, 8, 0.5, 2]),
  listed('openai/gpt-4.1-mini', [1_047_576, 32_768], PLAIN, [0.4, 1.6, 0.1, 0.4]),
  listed('openai/gpt-4.1-nano', [1_047_576, 32_768], PLAIN, [0.1, 0.4, 0.025, 0.1]),
  listed('openai/gpt-4o', [128_000, 16_384], PLAIN, [2.5, 10, 1.25, 2.5]),
  listed('openai/gpt-4o-mini', [128_000, 16_384], PLAIN, [0.15, 0.6, 0.075, 0.15]),
  listed('openai/o3', [200_000, 100_000], THINKS, [2, 8, 0.5, 2]),
  listed('openai/o4-mini', [200_000, 100_000], THINKS, [1.1, 4.4, 0.275, 1.1]),
]

// https://ai.google.dev/gemini-api/docs/pricing. Implicit caching: writing costs what input costs. Gemini 2.5 takes a token budget, no effort.
const GOOGLE = [
  // Introductory until 2026-12-31; from 2027 the price of 3.7.
  listed('google/gemini-3.8-flash*', GEMINI, THINKS, [0.75, 3.75, 0.075, 0.75]),
  listed('google/gemini-3.7-flash*', GEMINI, THINKS, [1.5, 7.5, 0.15, 1.5]),
  listed('google/gemini-3.5-flash*', GEMINI, THINKS, [1.5, 9, 0.15, 1.5]),
  listed('google/gemini-3.1-pro*', GEMINI, THINKS, [2, 12, 0.2, 2], [200_000, 4, 18, 0.4, 4]),
  listed('google/gemini-3.1-flash-lite*', GEMINI, THINKS, [0.25, 1.5, 0.025, 0.25]),
  listed('google/gemini-3-pro', GEMINI, THINKS, [2, 12, 0.2, 2], [200_000, 4, 18, 0.4, 4]),
  listed('google/gemini-3-flash', GEMINI, THINKS, [0.5, 3, 0.05, 0.5]),
  listed('google/gemini-2.5-pro', GEMINI, PLAIN, [1.25, 10, 0.125, 1.25], [200_000, 2.5, 15, 0.25, 2.5]),
  listed('google/gemini-2.5-flash', GEMINI, PLAIN, [0.3, 2.5, 0.03, 0.3]),
  listed('google/gemini-2.5-flash-lite', GEMINI, PLAIN, [0.1, 0.4, 0.01, 0.1]),
]

export const LISTED_MODELS: readonly ListedModel[] = [...ANTHROPIC, ...OPENAI, ...GOOGLE]
