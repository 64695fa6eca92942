// How a session ended, judged from what was checked and published. Status is another matter; see `statusOf`.

import type { Outcome } from '../events.ts'
import type { SessionState } from '../state.ts'

/** The outcome of a session that ends now by itself. */
export function outcomeOf(state: SessionState): Outcome {
  const { commit, verification, pushed, changeRequest, hasChangedAnything } = state.work
  if (!commit && !hasChangedAnything) return 'nothing-to-do'
  const isPublished = commit !== null && pushed?.oid === commit.oid && changeRequest !== null
  if (!isPublished || verification?.oid !== commit.oid || state.work.hasUncommitted) return 'unverified'
  if (verification.result === 'passed') return 'verified'
  return verification.result === 'partial' ? 'partly-verified' : 'unverified'
}
