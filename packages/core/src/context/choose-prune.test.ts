import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choosePrune, type PrunableOutput } from './choose-prune.ts'

function output(callId: string, tokens: number, rest: Partial<PrunableOutput> = {}): PrunableOutput {
  return { callId, tokens, isPruned: false, isProtected: false, ...rest }
}

describe('choosePrune', () => {
  it('does nothing while little can be won', () => {
    expect(choosePrune([])).toBeNull()
    expect(choosePrune([output('a', 30_000), output('b', 40_000)])).toBeNull()
  })

  it('replaces everything older than the newest 40k at once', () => {
    const outputs = [output('a', 30_000), output('b', 30_000), output('c', 20_000), output('d', 20_000)]
    expect(choosePrune(outputs)).toEqual({ callIds: ['a', 'b'], savedTokens: 59_960 })
  })

  it('leaves protected, pruned and tiny outputs alone', () => {
    const outputs = [
      output('plan', 30_000, { isProtected: true }),
      output('gone', 90_000, { isPruned: true }),
      output('tiny', 20),
      output('big', 50_000),
      output('new', 40_000),
    ]
    expect(choosePrune(outputs)).toEqual({ callIds: ['big'], savedTokens: 49_980 })
  })

  it('keeps the newest output however large it is', () => {
    expect(choosePrune([output('only', 500_000)])).toBeNull()
  })

  it('is done after acting once', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ tokens: fc.nat(60_000), isPruned: fc.boolean(), isProtected: fc.boolean() })), (list) => {
        const outputs = list.map((item, index) => ({ ...item, callId: String(index) }))
        const prune = choosePrune(outputs)
        if (prune === null) return
        const chosen = outputs.filter((item) => prune.callIds.includes(item.callId))
        expect(prune.savedTokens).toBeGreaterThanOrEqual(40_000)
        expect(chosen.some((item) => item.isPruned || item.isProtected)).toBe(false)
        const lastChosen = Number(prune.callIds.at(-1))
        const after = outputs.slice(lastChosen + 1).filter((item) => !item.isPruned)
        expect(after.reduce((sum, item) => sum + item.tokens, 0)).toBeGreaterThanOrEqual(40_000)
        expect(choosePrune(outputs.map((item) => ({ ...item, isPruned: item.isPruned || prune.callIds.includes(item.callId) })))).toBeNull()
      }),
    )
  })
})
