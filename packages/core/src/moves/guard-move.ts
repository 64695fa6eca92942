// Bounds on a turn: loops, mistakes, steps, time. A guard nudges once where a nudge can help, then parks and asks.

import type { EventBody, GuardName } from '../events.ts'
import { detectLoop } from '../guards/loop.ts'
import type { SessionState } from '../state.ts'
import type { Move, Situation } from './move.ts'

const maxInputMistakes = 5

/** The first guard that trips, or null. */
export function guardMove(state: SessionState, situation: Situation): Move | null {
  return loopMove(state) ?? mistakesMove(state) ?? stepsMove(state) ?? wallMove(state, situation)
}

/** Parks the session and asks whether to go on: the way out is an answer or a message. */
export function parkBodies(state: SessionState, guard: GuardName, reason: string): EventBody[] {
  return [
    { type: 'guard-tripped', guard, action: 'park', reason },
    {
      type: 'human-asked',
      askId: `ask-${state.head + 2}`,
      kind: 'continue',
      question: reason,
      options: ['approve', 'reject'],
      callId: null,
      effect: null,
      expiresAt: null,
    },
  ]
}

function loopMove(state: SessionState): Move | null {
  const loop = detectLoop(state.turn.recentCalls)
  if (!loop) return null
  const what = loop.length === 1 ? 'The same call' : `A cycle of ${loop.length} calls`
  if (state.turn.loopNudges > 0)
    return park(
      state,
      'loop',
      `${what} with the same outcome happened ${loop.repeats} times, after the agent had been reminded. The session waits so that it does not spend more.`,
    )
  return nudge(
    'loop',
    `${what} with the same outcome happened ${loop.repeats} times. Repeating it will not change the result: try another way, or ask_human.`,
  )
}

function mistakesMove(state: SessionState): Move | null {
  if (state.turn.inputMistakes < maxInputMistakes) return null
  return park(state, 'mistakes', `${maxInputMistakes} tool calls in a row were malformed. The model may not be able to use these tools.`)
}

function stepsMove(state: SessionState): Move | null {
  const { turn, limits } = state
  if (turn.steps >= limits.maxSteps) return park(state, 'turns', `${turn.steps} steps were taken in this turn, which is its limit.`)
  if (turn.stageSteps < limits.maxStageSteps || turn.stageNudges > 0) return null
  return nudge(
    'turns',
    `${turn.stageSteps} steps went into the stage "${turn.stage}". Bring it to an end: commit what works and publish, or ask_human.`,
  )
}

function wallMove(state: SessionState, situation: Situation): Move | null {
  const workedMs = situation.nowMs - Date.parse(state.turn.startedAt) - state.turn.waitedMs
  if (workedMs < state.limits.maxTurnMs) return null
  return park(state, 'wall', `This turn has worked for ${Math.round(workedMs / 60_000)} minutes, which is its limit.`)
}

function park(state: SessionState, guard: GuardName, reason: string): Move {
  return { kind: 'record', bodies: parkBodies(state, guard, reason) }
}

function nudge(guard: GuardName, reason: string): Move {
  return { kind: 'record', bodies: [{ type: 'guard-tripped', guard, action: 'nudge', reason }] }
}
