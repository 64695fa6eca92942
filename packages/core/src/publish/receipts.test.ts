import { describe, expect, it } from 'vitest'
import type { Receipt, VerificationFinished } from '../events.ts'
import { describeVerification } from './receipts.ts'

const failed: Receipt = { command: 'npm ci', exitCode: 1, killed: null, ms: 500, outputSha: 'sha', tail: 'E403' }

function finished(result: VerificationFinished['result'], receipts: Receipt[] = []): VerificationFinished {
  return { type: 'verification-finished', oid: 'o', result, receipts, ms: 1 }
}

describe('describeVerification', () => {
  it('says why a change is unverified, with what was run', () => {
    expect(describeVerification(finished('could-not-run', [failed]))).toBe(
      'It is marked as unverified: the checks could not run in a clean sandbox.\n$ npm ci: exit code 1 after 0.5 s\nE403',
    )
    expect(describeVerification(finished('no-checks'))).toBe('It is marked as unverified: the host knows no checks for it.')
    expect(describeVerification(finished('passed'))).toBe('The checks passed in a clean sandbox.')
  })
})
