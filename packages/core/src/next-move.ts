// What a session needs next, decided from its state alone. The worker carries it out and appends what happened.
// Order: close what a crash left open, stop, offer, wait for people, take in the base, finish the tool batch, guards, context care, back-off, model, rest.

import type { EventBody } from './events.ts'
import { isExpired } from './conversation/people.ts'
import { baseMove } from './follow/incoming.ts'
import { isResting } from './conversation/transcript.ts'
import { batchMove } from './moves/batch-move.ts'
import { contextMove } from './moves/context-move.ts'
import { guardMove } from './moves/guard-move.ts'
import { modelMove, retryMove } from './moves/model-move.ts'
import { offerMove } from './moves/offer-move.ts'
import { restMove } from './moves/rest-move.ts'
import type { Move, Situation } from './moves/move.ts'
import type { SessionState } from './state.ts'

/** Pure: the same state in the same situation gives the same move. */
export function nextMove(state: SessionState, situation: Situation): Move {
  return (
    closeMove(state) ??
    stopMove(state) ??
    offerMove(state) ??
    waitMove(state, situation) ??
    prepareMove(state) ??
    baseMove(state) ??
    batchMove(state) ??
    restMove(state) ??
    guardMove(state, situation) ??
    retryMove(state, situation) ??
    contextMove(state, situation) ??
    modelMove(state, situation)
  )
}

/** A model call without an outcome: the worker died during it. What it cost is unknown, so its reservation counts as spent. */
function closeMove(state: SessionState): Move | null {
  if (state.openModelCalls.length === 0) return null
  const bodies = state.openModelCalls.map(
    (call): EventBody => ({
      type: 'model-failed',
      callId: call.callId,
      kind: 'interrupted',
      message: 'The worker stopped during this call.',
      status: null,
      retryAt: null,
      fallback: call.model === state.roles[call.role].model ? null : call.model,
      costMicros: call.reservedMicros,
    }),
  )
  return { kind: 'record', bodies }
}

function stopMove(state: SessionState): Move | null {
  if (!state.stop || state.finished) return null
  const open = state.batch.filter((call) => !call.finished)
  const interrupted = open.map(
    (call): EventBody => ({
      type: 'tool-finished',
      callId: call.callId,
      ok: false,
      output: call.starts > 0 ? 'A person stopped the session while this ran.' : 'A person stopped the session before this ran.',
      blob: null,
      ms: 0,
      changed: false,
      problem: 'interrupted',
      facts: {},
    }),
  )
  return { kind: 'record', bodies: [...interrupted, { type: 'session-finished', outcome: 'stopped', summary: state.stop.reason }] }
}

function waitMove(state: SessionState, situation: Situation): Move | null {
  if (state.finished) return { kind: 'wait', until: null, reason: 'finished' }
  const { ask } = state
  if (!ask) return state.parked ? { kind: 'wait', until: null, reason: state.parked.reason } : null
  const nowIso = new Date(situation.nowMs).toISOString()
  if (!isExpired(ask, nowIso)) return { kind: 'wait', until: ask.expiresAt, reason: ask.question }
  const text = 'Nobody answered in time.'
  return {
    kind: 'record',
    bodies: [{ type: 'human-answered', askId: ask.askId, decision: 'reject', text, effectHash: null, budgetMicros: null }],
  }
}

function prepareMove(state: SessionState): Move | null {
  if (!state.repository) return { kind: 'prepare-repository' }
  if (!state.instructions) return { kind: 'freeze-instructions' }
  return null
}

/** Whether a session with this state needs a worker now. */
export function needsWorker(state: SessionState): boolean {
  const hasEnded = state.finished !== null && state.following.offers.length === 0
  return !hasEnded && !state.ask && !(state.parked && isResting(state))
}
