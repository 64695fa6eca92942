// The last answer asked for no tool: the agent rests. Go on for queued messages, remind once, or end the turn.

import type { EventBody } from '../events.ts'
import { lengthNudge, restNudge } from '../conversation/nudges.ts'
import { deliverable, isResting } from '../conversation/transcript.ts'
import { isAside } from '../conversation/asides.ts'
import { outcomeOf } from '../publish/outcome.ts'
import type { SessionState } from '../state.ts'
import { unpublishedReminder } from './batch-move.ts'
import { parkBodies } from './guard-move.ts'
import type { Move } from './move.ts'

/** Ends a turn whose agent rests; null when it does not rest, or when there is something new to tell it. */
export function restMove(state: SessionState): Move | null {
  const last = state.transcript.at(-1)
  if (last?.kind !== 'assistant' || !isResting(state) || state.retry || !deliverable(state).every(isAside)) return null
  if (last.finish === 'refusal')
    return {
      kind: 'record',
      bodies: parkBodies(
        state,
        'model',
        `The model declined to answer. Rephrase the task with a message, or fork the session with another model.`,
      ),
    }
  if (last.finish === 'length' && state.turn.lengthNudges === 0)
    return remind(lengthNudge, 'Your answer was cut at its length limit. Go on where it ended.')
  if (last.finish === 'length') return { kind: 'record', bodies: parkBodies(state, 'model', cutAgain) }
  const reminder = unpublishedReminder(state)
  if (reminder && state.turn.restNudges === 0)
    return remind(restNudge, `You stopped without calling finish. ${reminder}, or call finish to leave it so on purpose.`)
  const summary = last.content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim()
  return { kind: 'record', bodies: [{ type: 'session-finished', outcome: outcomeOf(state), summary }] }
}

/** Half an answer must not pass for the end of the work. */
const cutAgain =
  'The model’s answer was cut at its length limit again, after it had been asked to go on. Continue to let it go on, ask for less at once, or choose another model.'

function remind(origin: string, text: string): Move {
  const body: EventBody = { type: 'context-added', origin, trust: 'trusted', text, ref: null }
  return { kind: 'record', bodies: [body] }
}
