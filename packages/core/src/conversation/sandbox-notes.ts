// What the model must know of its sandbox and cannot see: that the set-up failed, and that a new one has taken over.
// Such a note is read with the next call; it is no reason to make one.

import type { SessionEvent, SetupFinished } from '../events.ts'
import { describeReceipts } from '../publish/receipts.ts'
import type { SessionState } from '../state.ts'

export const setupNote = 'set-up'
export const restartNote = 'sandbox'

const setupFailed =
  'The set-up of the sandbox failed, so packages may be missing. Work with what is there. The host sets up its clean sandbox in the same way: if that fails too, your work is published as an unverified draft. Say in the summary what you could not check.'

const restarted =
  'The sandbox was started again with the work tree as it was. Background commands have ended, and files outside the work tree are gone.'

/** Tells of a set-up that failed, once. */
export function noteSetup(state: SessionState, event: SessionEvent, body: SetupFinished): SessionState {
  if (body.ok || [...state.transcript, ...state.inbox].some((item) => item.kind === 'note' && item.origin === setupNote)) return state
  const output = describeReceipts(body.steps.filter((step) => step.exitCode !== 0 || step.killed !== null))
  const note = { kind: 'note' as const, seq: event.seq, origin: setupNote }
  return {
    ...state,
    inbox: [...state.inbox, { ...note, trust: 'trusted', text: setupFailed }, { ...note, trust: 'untrusted', text: output }],
  }
}

/** Tells that background commands ended with their sandbox, where there were any. */
export function noteRestart(state: SessionState, event: SessionEvent): SessionState {
  if (!state.hasBackground) return state
  const note = { kind: 'note' as const, seq: event.seq, origin: restartNote, trust: 'trusted' as const, text: restarted }
  return { ...state, hasBackground: false, inbox: [...state.inbox, note] }
}
