import { describe, expect, it } from 'vitest'
import type { ToolFinished } from '../events.ts'
import { outcomeKeyOf } from './batch.ts'

function finished(output: string, rest: Partial<ToolFinished> = {}): ToolFinished {
  return { type: 'tool-finished', callId: 'c', ok: false, output, blob: null, ms: 5, changed: false, problem: 'failed', facts: {}, ...rest }
}

describe('outcomeKeyOf', () => {
  it('sees one outcome in two runs that took different times', () => {
    expect(outcomeKeyOf(finished('Exit code 1 after 0.3 s.\nboom', { ms: 301 }))).toBe(
      outcomeKeyOf(finished('Exit code 1 after 1.9 s.\nboom', { ms: 1_912 })),
    )
  })

  it('tells outcomes apart that say or do something else', () => {
    const keys = [finished('a'), finished('b'), finished('a', { ok: true }), finished('a', { changed: true })].map(outcomeKeyOf)
    expect(new Set(keys).size).toBe(4)
  })
})
