// A turn lasts from a person's message until the agent rests. Its counters start afresh with each one.

import type { SessionState, Stage, Turn } from '../state.ts'

/** The counters of a turn that begins at `at`. */
export function freshTurn(at: string): Turn {
  return {
    startedAt: at,
    steps: 0,
    stageSteps: 0,
    stage: 'plan',
    waitedMs: 0,
    waitingSince: null,
    recentCalls: [],
    inputMistakes: 0,
    loopNudges: 0,
    stageNudges: 0,
    restNudges: 0,
    lengthNudges: 0,
    finishRefusals: 0,
    hasCompactedForOverflow: false,
  }
}

/** A person said something: whatever held the session back is over. */
export function beginTurn(state: SessionState, at: string): SessionState {
  const ask = state.ask?.kind === 'continue' ? null : state.ask
  return { ...state, ask, finished: null, parked: null, stop: null, retry: null, turn: { ...freshTurn(at), stage: state.turn.stage } }
}

/** Ends a wait for a person, so that it does not count as working time. */
export function endWait(turn: Turn, at: string): Turn {
  if (!turn.waitingSince) return turn
  return { ...turn, waitedMs: turn.waitedMs + Math.max(0, Date.parse(at) - Date.parse(turn.waitingSince)), waitingSince: null }
}

/** Where the work stands, judged from what exists and not from what the model says. */
export function stageOf(state: SessionState): Stage {
  const { work } = state
  if (!state.plan && !work.hasChangedAnything) return 'plan'
  if (!work.commit || work.hasUncommitted) return 'implement'
  return work.verification?.oid === work.commit.oid && work.verification.result === 'passed' ? 'publish' : 'verify'
}
