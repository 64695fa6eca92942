// What people say to a session: messages, answers, stop, go on. The HTTP API and the command line do the same here.

import type { Autonomy, EventBody, HumanAsked } from '@slipway/core/events'
import { isExpired } from '@slipway/core/conversation/people'
import { SlipwayError } from '../errors/slipway-error.ts'
import { appendForPerson, type LogPorts } from './access.ts'

/** `wake`: whether a worker elsewhere should look at once; a foreground run drives the session itself. */
export interface Said {
  sessionId: string
  wake: 'now' | 'no'
}

export interface Answer {
  askId: string
  decision: 'approve' | 'reject' | 'answer'
  text: string
  effectHash: string | null
  budgetMicros: number | null
}

/** Returns the message's seq. */
export async function say(ports: LogPorts, input: Said & { text: string; mode: 'steer' | 'queue' }): Promise<number> {
  const { text, mode } = input
  return atSeq(await appendForPerson(ports, { ...input, decide: () => ({ type: 'user-message', text, mode }) }))
}

/** Answers the open question. Refused when it is another one, ran out, or what would happen is not what was shown. */
export async function answer(ports: LogPorts, input: Said & Answer): Promise<number> {
  const { askId, decision, text, effectHash, budgetMicros } = input
  const seq = await appendForPerson(ports, {
    ...input,
    decide(state, nowIso) {
      refuseAnswer(state.ask, input, nowIso)
      if (state.ask?.kind === 'budget' && decision === 'approve' && budgetMicros !== null && budgetMicros <= state.spend.costMicros) {
        throw new SlipwayError(
          'usage',
          `The new limit must be above the ${state.spend.costMicros / 1_000_000} dollars that are spent already.`,
        )
      }
      return { type: 'human-answered', askId, decision, text, effectHash, budgetMicros }
    },
  })
  return atSeq(seq)
}

/** Returns the request's seq; null when the session had ended or was being stopped already. */
export function stop(ports: LogPorts, input: Said & { reason: string }): Promise<number | null> {
  const { reason } = input
  return appendForPerson(ports, { ...input, decide: (state) => (state.finished || state.stop ? null : { type: 'stop-requested', reason }) })
}

/** Lets a session go on that was stopped, failed or parked. Null: nothing had to be said, it only needs a worker. */
export function resume(ports: LogPorts, input: Said): Promise<number | null> {
  return appendForPerson(ports, {
    ...input,
    decide(state): EventBody | null {
      const { finished, ask } = state
      if (finished && finished.outcome !== 'stopped' && finished.outcome !== 'failed') {
        throw new SlipwayError('conflict', 'This session has ended. Say what should be done next, and it goes on.')
      }
      if (ask?.kind === 'continue')
        return { type: 'human-answered', askId: ask.askId, decision: 'approve', text: '', effectHash: null, budgetMicros: null }
      if (ask) throw new SlipwayError('conflict', `This session waits for an answer, give that first: ${ask.question}`)
      if (finished || state.parked || state.stop) return { type: 'user-message', text: 'Go on where you stopped.', mode: 'steer' }
      return null
    },
  })
}

/** Lets more or less wait for a person from the next decision on. Null: the session works so already. */
export function changeAutonomy(ports: LogPorts, input: Said & { autonomy: Autonomy }): Promise<number | null> {
  const { autonomy } = input
  return appendForPerson(ports, {
    ...input,
    decide: (state) => (state.autonomy === autonomy ? null : { type: 'autonomy-changed', autonomy }),
  })
}

/** What a person thinks of something that happened; the agent is not told. */
export async function giveFeedback(
  ports: LogPorts,
  input: Said & { seq: number; verdict: 'up' | 'down'; reason: string },
): Promise<number> {
  const { seq, verdict, reason } = input
  return atSeq(
    await appendForPerson(ports, {
      ...input,
      decide(state) {
        if (seq > state.head) throw new SlipwayError('usage', `The session has ${state.head} events; give feedback on one of them.`)
        return { type: 'feedback-given', seq, verdict, reason }
      },
    }),
  )
}

function refuseAnswer(ask: HumanAsked | null, input: Answer, nowIso: string): void {
  if (ask === null || ask.askId !== input.askId) {
    throw new SlipwayError('conflict', 'This question is not open any more. Look at the session to see what it asks now.')
  }
  if (input.decision === 'reject') return
  if (isExpired(ask, nowIso))
    throw new SlipwayError('conflict', 'The time for this answer ran out. The agent will ask again if it still needs it.')
  if (ask.kind === 'question') return
  if (input.decision === 'answer') throw new SlipwayError('usage', 'This question is answered with approve or reject.')
  if (ask.effect !== null && ask.effect.hash !== input.effectHash) {
    throw new SlipwayError(
      'conflict',
      'What would happen is not what was shown to you. Look at the question again, then answer with its effectHash.',
    )
  }
}

function atSeq(seq: number | null): number {
  if (seq === null) throw new Error('an append that always says something said nothing')
  return seq
}
