// A session that has ended and has something to ask, or was asked in vain and ends as it did before.

import type { SessionState } from '../state.ts'
import type { Move } from './move.ts'

/** Asks the oldest offer of a session that rests; null when there is none. */
export function offerMove(state: SessionState): Move | null {
  if (state.reopened) return { kind: 'record', bodies: [{ type: 'session-finished', ...state.reopened }] }
  const [offer] = state.following.offers
  if (!offer || !state.finished || state.ask) return null
  const { question, options } = offer
  return {
    kind: 'record',
    bodies: [
      {
        type: 'human-asked',
        askId: `ask-${state.head + 1}`,
        kind: 'question',
        question,
        options,
        callId: null,
        effect: null,
        expiresAt: null,
      },
    ],
  }
}
