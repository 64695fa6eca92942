import { describe, expect, it } from 'vitest'
import { describeFailure, explainFailure } from './explain-failure.ts'
import type { FailureKind } from './failure.ts'

describe('explainFailure', () => {
  it('says which model, what happened, what was said and what to do', () => {
    expect(explainFailure('auth', { model: 'anthropic/claude-x', message: 'invalid x-api-key.' })).toBe(
      'anthropic/claude-x refused the API key (invalid x-api-key). Check the provider’s key and what it may use in the settings (`slipway doctor` tests it), then continue.',
    )
  })

  it('does without a message', () => {
    expect(explainFailure('overloaded', { model: 'a/b', message: '' })).toBe(
      'a/b is overloaded. Wait a little and continue, or choose another model.',
    )
  })

  it('names a script by its file alone, and can leave out what to do', () => {
    expect(describeFailure('overloaded', { model: 'scripted//srv/private/x.json', message: 'busy' })).toBe(
      'scripted/x.json is overloaded (busy).',
    )
  })

  it('has something to do for every kind, on one line', () => {
    const kinds: FailureKind[] = [
      'rate-limit',
      'overloaded',
      'server',
      'network',
      'cut',
      'stalled',
      'empty',
      'repeating',
      'overflow',
      'auth',
      'quota',
      'rejected',
      'no-tools',
      'interrupted',
      'stopped',
    ]
    for (const kind of kinds) {
      const text = explainFailure(kind, { model: 'a/b', message: `long ${'x'.repeat(1000)}\n\u001b[31mred` })
      expect(text).toMatch(/^a\/b .+ \(.+\)\. .+\.$/)
      expect(text.length).toBeLessThan(600)
    }
  })
})
