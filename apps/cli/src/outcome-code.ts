// Which exit code a session's state stands for.

import type { SessionState } from '@slipway/core/state'
import { exitCodes, type ExitCode } from './exit-codes.ts'

/** `lastAsk`: kind of the last question that was asked, which tells a stop over money from any other. */
export function outcomeCode(state: SessionState, lastAsk: string | null): ExitCode {
  if (state.finished) return finishedCode(state, lastAsk)
  if (state.ask?.kind === 'budget' || state.parked?.guard === 'budget') return exitCodes.budget
  return exitCodes.waiting
}

function finishedCode({ finished, work }: SessionState, lastAsk: string | null): ExitCode {
  switch (finished?.outcome) {
    case 'verified':
      return work.changeRequest !== null ? exitCodes.asAsked : exitCodes.notVerified
    case 'partly-verified':
    case 'unverified':
    case 'nothing-to-do':
      return exitCodes.notVerified
    case 'stopped':
      return lastAsk === 'budget' ? exitCodes.budget : exitCodes.stopped
    case 'failed':
    case undefined:
      return exitCodes.failed
  }
}
