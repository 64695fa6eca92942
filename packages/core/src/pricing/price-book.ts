// List prices and windows, checked in and dated. Longest matching name wins; a model that is not here has an unknown price.

import type { ModelPrice } from './price.ts'

/** The day the prices were read from the providers' pages. */
export const priceBookDate = '2026-11-01'

export interface BookEntry {
  contextWindow: number
  maxOutputTokens: number
  hasTools: boolean | null
  /** Whether the provider takes a reasoning effort for it. */
  hasEffort: boolean
  price: ModelPrice | null
}

const dollars = (input: number, output: number, cacheRead: number, cacheWrite: number): ModelPrice => ({
  input: Math.round(input * 1e6),
  output: Math.round(output * 1e6),
  cacheRead: Math.round(cacheRead * 1e6),
  cacheWrite: Math.round(cacheWrite * 1e6),
  tier: null,
})

const free: ModelPrice = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, tier: null }

const entries: Record<string, BookEntry> = {
  'anthropic/claude-opus-4-5': { contextWindow: 200_000, maxOutputTokens: 64_000, hasTools: true, hasEffort: true, price: dollars(5, 25, 0.5, 6.25) },
  'anthropic/claude-sonnet-4-5': { contextWindow: 200_000, maxOutputTokens: 64_000, hasTools: true, hasEffort: true, price: dollars(3, 15, 0.3, 3.75) },
  'anthropic/claude-haiku-4-5': { contextWindow: 200_000, maxOutputTokens: 64_000, hasTools: true, hasEffort: true, price: dollars(1, 5, 0.1, 1.25) },
  'openai/gpt-5': { contextWindow: 400_000, maxOutputTokens: 128_000, hasTools: true, hasEffort: true, price: dollars(1.25, 10, 0.125, 1.25) },
  'openai/gpt-5-mini': { contextWindow: 400_000, maxOutputTokens: 128_000, hasTools: true, hasEffort: true, price: dollars(0.25, 2, 0.025, 0.25) },
  'google/gemini-2.5-pro': {
    contextWindow: 1_048_576,
    maxOutputTokens: 65_536,
    hasTools: true,
    hasEffort: true,
    price: { ...dollars(1.25, 10, 0.125, 1.25), tier: { aboveInputTokens: 200_000, input: 2_500_000, output: 15_000_000, cacheRead: 250_000, cacheWrite: 2_500_000 } },
  },
  'google/gemini-2.5-flash': { contextWindow: 1_048_576, maxOutputTokens: 65_536, hasTools: true, hasEffort: true, price: dollars(0.3, 2.5, 0.03, 0.3) },
  'ollama/': { contextWindow: 32_768, maxOutputTokens: 8_192, hasTools: null, hasEffort: false, price: free },
  'scripted/': { contextWindow: 200_000, maxOutputTokens: 16_000, hasTools: true, hasEffort: false, price: free },
}

/** The entry whose name is the longest prefix of the model's name; null when none is. */
export function lookupModel(model: string): BookEntry | null {
  const [name] = Object.keys(entries)
    .filter((prefix) => model.startsWith(prefix))
    .sort((a, b) => b.length - a.length)
  return name === undefined ? null : (entries[name] ?? null)
}
