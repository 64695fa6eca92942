import { describe, expect, it } from 'vitest'
import { stableOutcome } from './stable-outcome.ts'
import { cpuMs } from '../testing/cpu-ms.ts'

describe('stableOutcome', () => {
  it('is the same for two runs that differ in time only', () => {
    const first =
      'Exit code 1 after 0.3 s.\n[2026-01-01T10:00:01.123Z] FAIL a.test.ts (12 ms)\nStart at 04:18:13\nDuration 3.08s (at 0x7ffe1234)'
    const second =
      'Exit code 1 after 12.7 s.\n[2026-01-02T11:30:59.001Z] FAIL a.test.ts (9ms)\nStart at 14:02:59\nDuration 1min (at 0x55aa0042)'
    expect(stableOutcome(first)).toBe(stableOutcome(second))
  })

  it('differs where the outcome does', () => {
    expect(stableOutcome('Exit code 1 after 1.0 s.\n3 failed')).not.toBe(stableOutcome('Exit code 1 after 1.0 s.\n2 failed'))
    expect(stableOutcome('progress 40 %')).not.toBe(stableOutcome('progress 50 %'))
    expect(stableOutcome('Exit code 0 after 1.0 s.')).not.toBe(stableOutcome('Exit code 1 after 1.0 s.'))
  })

  it('keeps start and end of a long output, and stays quick', () => {
    const long = `first ${'1:'.repeat(500_000)} last`
    const stable = stableOutcome(long)
    expect(cpuMs(() => stableOutcome(long))).toBeLessThan(200)
    expect(stable.length).toBeLessThan(9_000)
    expect(stable).toMatch(/^first/)
    expect(stable).toMatch(/last$/)
  })
})
