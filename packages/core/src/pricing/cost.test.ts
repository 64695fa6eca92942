import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costMicros, formatMicros, parseUsd, worstCaseMicros } from './cost.ts'
import type { ModelPrice } from './price.ts'

const price: ModelPrice = {
  input: 3_000_000,
  output: 15_000_000,
  cacheRead: 300_000,
  cacheWrite: 3_750_000,
  tier: { aboveInputTokens: 200_000, input: 6_000_000, output: 22_500_000, cacheRead: 600_000, cacheWrite: 7_500_000 },
}
const nothing = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

describe('costMicros', () => {
  it('bills fresh input, cache reads, cache writes and output each at its price', () => {
    const usage = { inputTokens: 10_000, cacheReadTokens: 6_000, cacheWriteTokens: 3_000, outputTokens: 500, reasoningTokens: 200 }
    expect(costMicros(price, usage)).toBe(1_000 * 3 + 1_800 + 11_250 + 500 * 15)
  })

  it('bills the whole call at the dearer prices above the tier', () => {
    expect(costMicros(price, { ...nothing, inputTokens: 200_000 })).toBe(600_000)
    expect(costMicros(price, { ...nothing, inputTokens: 200_001, outputTokens: 10 })).toBe(200_001 * 6 + 225)
  })

  it('rounds up to a whole micro-dollar', () => {
    expect(costMicros(price, { ...nothing, inputTokens: 1, cacheReadTokens: 1 })).toBe(1)
    expect(costMicros(price, nothing)).toBe(0)
  })

  it('does not go below zero when a provider reports more cached than input tokens', () => {
    expect(costMicros(price, { ...nothing, inputTokens: 5, cacheReadTokens: 10 })).toBe(3)
  })

  it('never exceeds the worst case for the same sizes', () => {
    fc.assert(
      fc.property(fc.nat(400_000), fc.nat(), fc.nat(), fc.nat(64_000), fc.nat(64_000), (inputTokens, read, write, outputTokens, more) => {
        const cacheReadTokens = read % (inputTokens + 1)
        const cacheWriteTokens = write % (inputTokens - cacheReadTokens + 1)
        const cost = costMicros(price, { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, reasoningTokens: 0 })
        expect(Number.isSafeInteger(cost)).toBe(true)
        expect(cost).toBeLessThanOrEqual(worstCaseMicros(price, inputTokens, outputTokens + more))
      }),
    )
  })
})

describe('formatMicros', () => {
  it('shows small amounts to a hundredth of a cent and large ones to the cent', () => {
    expect([12_345, 500_000, 1_000_000, 12_345_678, 1_234_567_890_000].map(formatMicros)).toEqual([
      '$0.0123',
      '$0.5000',
      '$1.00',
      '$12.35',
      '$1,234,567.89',
    ])
  })

  it('does not call a tiny amount nothing', () => {
    expect(formatMicros(0)).toBe('$0.00')
    expect(formatMicros(3)).toBe('<$0.0001')
    expect(formatMicros(50)).toBe('$0.0001')
  })

  it('moves on to dollars where rounding does', () => {
    expect(formatMicros(999_949)).toBe('$0.9999')
    expect(formatMicros(999_960)).toBe('$1.00')
    expect(formatMicros(-12_345)).toBe('-$0.0123')
  })
})

describe('parseUsd', () => {
  it('reads what people type', () => {
    expect(['0.5', '$5', ' 2.50 USD ', '1,000', '$.25', '0', '0.000001', '3 dollars', '4$'].map(parseUsd)).toEqual([
      500_000, 5_000_000, 2_500_000, 1_000_000_000, 250_000, 0, 1, 3_000_000, 4_000_000,
    ])
  })

  it('refuses everything else', () => {
    for (const text of ['', '$', '-1', 'abc', '1.2.3', '1e3', '0.0000001', '1,00', '99999999999', 'NaN', 'Infinity', '.'])
      expect(parseUsd(text)).toBeNull()
  })

  it('reads what formatMicros writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (cents) => {
        expect(parseUsd(formatMicros(cents * 10_000))).toBe(cents * 10_000)
      }),
    )
  })
})
