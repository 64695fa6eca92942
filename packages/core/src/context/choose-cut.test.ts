import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseCut, type CutItem } from './choose-cut.ts'

function item(seq: number, tokens: number, rest: Partial<CutItem> = {}): CutItem {
  return { seq, tokens, startsTurn: false, breaksPair: false, ...rest }
}

describe('chooseCut', () => {
  it('has nothing to cut in a short conversation', () => {
    expect(chooseCut([])).toBeNull()
    expect(chooseCut([item(1, 90_000)])).toBeNull()
    expect(chooseCut([item(1, 5_000), item(2, 5_000)])).toBeNull()
  })

  it('keeps the largest tail that fits into 20k', () => {
    expect(chooseCut([item(1, 50_000), item(2, 9_000), item(3, 9_000), item(4, 2_000)])).toBe(2)
  })

  it('keeps less where a small window asks for it', () => {
    expect(chooseCut([item(1, 5_000), item(2, 5_000), item(3, 2_000)])).toBeNull()
    expect(chooseCut([item(1, 5_000), item(2, 5_000), item(3, 2_000)], 4_000)).toBe(3)
  })

  it('never starts with a result whose call is cut away', () => {
    expect(chooseCut([item(1, 50_000), item(2, 15_000), item(3, 9_000, { breaksPair: true }), item(4, 2_000)])).toBe(4)
  })

  it('prefers the start of a turn that is about right', () => {
    const items = [
      item(1, 50_000),
      item(2, 8_000, { startsTurn: true }),
      item(3, 8_000),
      item(4, 9_000),
      item(5, 3_000, { startsTurn: true }),
    ]
    expect(chooseCut(items)).toBe(2)
  })

  it('keeps the last whole step when that alone is larger', () => {
    expect(chooseCut([item(1, 50_000), item(2, 1_000), item(3, 90_000, { breaksPair: true })])).toBe(2)
  })

  it('gives up when every place would part a call from its result', () => {
    expect(chooseCut([item(1, 50_000), item(2, 50_000, { breaksPair: true })])).toBeNull()
  })

  it('always wins something and never breaks a pair', () => {
    const anyItem = fc.record({ tokens: fc.nat(15_000), startsTurn: fc.boolean(), breaksPair: fc.boolean() })
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 40 }), (list) => {
        const items = list.map((entry, index) => ({ ...entry, seq: index * 3 + 1 }))
        const seq = chooseCut(items)
        if (seq === null) return
        const chosen = items.find((entry) => entry.seq === seq)!
        expect(chosen.breaksPair).toBe(false)
        expect(seq).toBeGreaterThan(items[0]!.seq)
      }),
    )
  })
})
