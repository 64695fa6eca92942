// Money is integer micro-dollars. Costs are rounded up, so that a sum of calls is never below the bill.

import type { Usage } from '../events.ts'
import type { ModelPrice } from './price.ts'

const perMillion = 1_000_000

/** What a call cost, from the usage that the provider reported. Cached tokens are part of the input tokens. */
export function costMicros(price: ModelPrice, usage: Usage): number {
  const rates = ratesFor(price, usage.inputTokens)
  const plainInput = Math.max(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens)
  const total = plainInput * rates.input + usage.cacheReadTokens * rates.cacheRead + usage.cacheWriteTokens * rates.cacheWrite + usage.outputTokens * rates.output
  return Math.ceil(total / perMillion)
}

/** The most that a call with this many input tokens and an answer of full length can cost. */
export function worstCaseMicros(price: ModelPrice, inputTokens: number, maxOutputTokens: number): number {
  const rates = ratesFor(price, inputTokens)
  const dearestInput = Math.max(rates.input, rates.cacheRead, rates.cacheWrite)
  return Math.ceil((inputTokens * dearestInput + maxOutputTokens * rates.output) / perMillion)
}

/** `$0.0123`: two digits after the point from a dollar up, four below. */
export function formatMicros(micros: number): string {
  const dollars = micros / 1_000_000
  return `$${dollars.toFixed(Math.abs(dollars) >= 1 || dollars === 0 ? 2 : 4)}`
}

/** Micro-dollars of an amount as people type it (`5`, `0.50`, `$2`); null when it is not one. */
export function parseUsd(text: string): number | null {
  const match = /^\$?\s*(\d{1,7}(?:\.\d{1,6})?)$/.exec(text.trim())
  return match?.[1] === undefined ? null : Math.round(Number(match[1]) * 1_000_000)
}

function ratesFor(price: ModelPrice, inputTokens: number): Pick<ModelPrice, 'input' | 'output' | 'cacheRead' | 'cacheWrite'> {
  return price.tier && inputTokens > price.tier.aboveInputTokens ? price.tier : price
}
