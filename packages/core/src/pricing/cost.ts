// Money is integer micro-dollars. Costs are rounded up: a budget is never overrun by rounding.

import type { Usage } from '../events.ts'
import type { ModelPrice } from './price.ts'

const MILLION = 1_000_000

/** What a call cost. Above the price's tier the whole call is billed at the dearer prices. */
export function costMicros(price: ModelPrice, usage: Usage): number {
  const rates = ratesFor(price, usage.inputTokens)
  const cached = usage.cacheReadTokens + usage.cacheWriteTokens
  const fresh = Math.max(0, usage.inputTokens - cached)
  const total =
    fresh * rates.input +
    usage.cacheReadTokens * rates.cacheRead +
    usage.cacheWriteTokens * rates.cacheWrite +
    usage.outputTokens * rates.output
  return Math.ceil(total / MILLION)
}

/** The most that a call with so many input tokens can cost: nothing cached, or all of it written to the cache, and the longest answer. */
export function worstCaseMicros(price: ModelPrice, inputTokens: number, maxOutputTokens: number): number {
  const rates = ratesFor(price, inputTokens)
  return Math.ceil((inputTokens * Math.max(rates.input, rates.cacheWrite) + maxOutputTokens * rates.output) / MILLION)
}

function ratesFor(price: ModelPrice, inputTokens: number) {
  return price.tier !== null && inputTokens > price.tier.aboveInputTokens ? price.tier : price
}

/** `$0.0123` below a dollar, `$12.34` from there on. */
export function formatMicros(micros: number): string {
  const sign = micros < 0 ? '-' : ''
  const size = Math.abs(micros)
  if (size === 0) return '$0.00'
  if (size < 50) return `${sign}<$0.0001`
  const decimals = size < MILLION - 50 ? 4 : 2
  const unit = 10 ** (6 - decimals)
  const rounded = Math.round(size / unit)
  const scale = 10 ** decimals
  const dollars = Math.floor(rounded / scale).toLocaleString('en-US')
  return `${sign}$${dollars}.${String(rounded % scale).padStart(decimals, '0')}`
}

/** Micro-dollars of what a person typed (`0.5`, `$1,000`, `2.50 USD`); null when it is no amount of at least zero and at most a billion dollars. */
export function parseUsd(text: string): number | null {
  const match = /^\$?(\d{1,3}(?:,\d{3})+|\d{1,10})?(?:\.(\d{1,6}))?$/.exec(text.trim().replace(/\s*(?:usd|dollars?|\$)$/i, ''))
  if (match === null || (match[1] === undefined && match[2] === undefined)) return null
  const dollars = Number((match[1] ?? '0').replaceAll(',', ''))
  if (dollars > 1_000_000_000) return null
  return dollars * MILLION + Number((match[2] ?? '').padEnd(6, '0'))
}
