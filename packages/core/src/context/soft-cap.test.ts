import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { softCap } from './soft-cap.ts'

describe('softCap', () => {
  it('is 160k for a million-token window without a tier', () => {
    expect(softCap({ contextWindow: 1_000_000, maxOutputTokens: 64_000, tierTokens: null })).toBe(160_000)
  })

  it('leaves room for the answer in a 200k window', () => {
    expect(softCap({ contextWindow: 200_000, maxOutputTokens: 64_000, tierTokens: null })).toBe(128_000)
  })

  it('stays 10k below the price tier', () => {
    expect(softCap({ contextWindow: 1_000_000, maxOutputTokens: 8_000, tierTokens: 128_000 })).toBe(118_000)
  })

  it('leaves half of a small local window usable', () => {
    expect(softCap({ contextWindow: 8_192, maxOutputTokens: 8_192, tierTokens: null })).toBe(4_096)
  })

  it('never exceeds any of its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1024, max: 2_000_000 }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.option(fc.integer({ min: 20_000, max: 400_000 })),
        (contextWindow, maxOutputTokens, tierTokens) => {
          const cap = softCap({ contextWindow, maxOutputTokens, tierTokens })
          expect(cap).toBeGreaterThan(0)
          expect(cap).toBeLessThanOrEqual(160_000)
          expect(cap).toBeLessThan(contextWindow)
          if (tierTokens !== null) expect(cap).toBeLessThanOrEqual(tierTokens - 10_000)
        },
      ),
    )
  })
})
