import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FailureKind } from './failure.ts'
import { type FailedAttempt, nextAttempt } from './next-attempt.ts'

function failed(rest: Partial<FailedAttempt>): FailedAttempt {
  return { kind: 'server', attempt: 1, nowMs: 1_000_000, retryAfterMs: null, fallback: 'none', random: 0.5, ...rest }
}

describe('nextAttempt', () => {
  it('doubles the wait each time', () => {
    const waits = [1, 2, 3, 4].map((attempt) => {
      const next = nextAttempt(failed({ attempt }))
      return next.retry ? next.atMs - 1_000_000 : null
    })
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000])
  })

  it('ends after five attempts', () => {
    expect(nextAttempt(failed({ attempt: 5 }))).toEqual({ retry: false })
    expect(nextAttempt(failed({ attempt: 5, kind: 'interrupted' }))).toEqual({ retry: false })
  })

  it('turns to the fallback after three', () => {
    expect([1, 2, 3, 4].map((attempt) => nextAttempt(failed({ attempt, fallback: 'ready' })))).toMatchObject([
      { useFallback: false },
      { useFallback: false },
      { useFallback: true },
      { useFallback: true },
    ])
  })

  it('stays with the fallback once it took over, also after an interruption', () => {
    expect(nextAttempt(failed({ attempt: 2, fallback: 'in-use' }))).toMatchObject({ useFallback: true })
    expect(nextAttempt(failed({ attempt: 4, kind: 'interrupted', fallback: 'in-use' }))).toMatchObject({ useFallback: true })
    expect(nextAttempt(failed({ attempt: 4, fallback: 'none' }))).toMatchObject({ useFallback: false })
  })

  it('hands over at once when the provider asks for more than a minute and there is a fallback', () => {
    const asked = { kind: 'rate-limit', retryAfterMs: 3_600_000 } as const
    expect(nextAttempt(failed({ ...asked, fallback: 'ready' }))).toEqual({ retry: true, atMs: 1_002_000, useFallback: true })
    expect(nextAttempt(failed({ ...asked, fallback: 'in-use', attempt: 2 }))).toEqual({ retry: false })
  })

  it('waits as long as the provider asks, up to a minute', () => {
    expect(nextAttempt(failed({ kind: 'rate-limit', retryAfterMs: 34_400 }))).toEqual({ retry: true, atMs: 1_034_400, useFallback: false })
    expect(nextAttempt(failed({ kind: 'rate-limit', retryAfterMs: 60_000 }))).toMatchObject({ retry: true, atMs: 1_060_000 })
    expect(nextAttempt(failed({ kind: 'rate-limit', retryAfterMs: 60_001 }))).toEqual({ retry: false })
    expect(nextAttempt(failed({ kind: 'rate-limit', retryAfterMs: -5 }))).toMatchObject({ atMs: 1_000_000 })
  })

  it('repeats an interrupted call at once, with the same model', () => {
    expect(nextAttempt(failed({ kind: 'interrupted', attempt: 4 }))).toEqual({ retry: true, atMs: 1_000_000, useFallback: false })
  })

  it('does not repeat what a person has to settle', () => {
    const kinds: FailureKind[] = ['overflow', 'auth', 'quota', 'rejected', 'no-tools', 'stopped']
    for (const kind of kinds) expect(nextAttempt(failed({ kind }))).toEqual({ retry: false })
  })

  it('spreads the wait by a quarter either way and never past a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (attempt, random) => {
        const next = nextAttempt(failed({ attempt, random }))
        const wait = next.retry ? next.atMs - 1_000_000 : Number.NaN
        const middle = 2_000 * 2 ** (attempt - 1)
        expect(wait).toBeGreaterThanOrEqual(middle * 0.75)
        expect(wait).toBeLessThanOrEqual(Math.min(60_000, middle * 1.25))
      }),
    )
  })
})
