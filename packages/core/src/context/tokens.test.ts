import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTokens } from './tokens.ts'

describe('estimateTokens', () => {
  it('counts nothing for nothing', () => {
    expect(estimateTokens('')).toBe(0)
  })

  it('takes prose at a little over three characters a token', () => {
    const prose = 'The agent reads the file, makes a small change and runs the tests again until they pass. '.repeat(20)
    expect(prose.length / estimateTokens(prose)).toBeGreaterThan(3)
    expect(prose.length / estimateTokens(prose)).toBeLessThan(3.6)
  })

  it('takes code as denser than prose', () => {
    const code = 'export function add(a: number, b: number): number {\n  return a + b\n}\n'.repeat(20)
    expect(code.length / estimateTokens(code)).toBeGreaterThan(2.5)
    expect(code.length / estimateTokens(code)).toBeLessThan(3.3)
  })

  it('takes hex and numbers as denser still', () => {
    const log = '4f2a91c0 1718000123 0x7ffe12 '.repeat(50)
    expect(log.length / estimateTokens(log)).toBeLessThan(3)
  })

  it('takes a CJK character as a token and an emoji as two', () => {
    expect(estimateTokens('測試通過了嗎')).toBeGreaterThanOrEqual(6)
    expect(estimateTokens('😀')).toBeGreaterThanOrEqual(2)
  })

  it('never shrinks when text is added, and splitting never hides tokens', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(estimateTokens(left + right)).toBeGreaterThanOrEqual(estimateTokens(left))
        expect(estimateTokens(left) + estimateTokens(right)).toBeGreaterThanOrEqual(estimateTokens(left + right))
      }),
    )
  })
})
