// What a person's message or answer does to a session.

import type { EventOf, HumanAsked, SessionEvent } from '../events.ts'
import { acceptOffer } from '../follow/following.ts'
import type { InboxItem, SessionState } from '../state.ts'
import { beginTurn, endWait } from './turn.ts'

/** A message starts a new turn when the session rests, and answers an open question when there is one. */
export function applyMessage(state: SessionState, event: SessionEvent, body: EventOf<'user-message'>): SessionState {
  const item: InboxItem = { kind: 'user', seq: event.seq, text: body.text, mode: body.mode }
  if (state.ask && isOffer(state.ask)) return addToInbox(beginTurn(closeAsk(state, event.at), event.at), item)
  if (state.finished || state.parked || state.stop) return addToInbox(beginTurn(state, event.at), item)
  if (!state.ask || body.mode === 'queue' || state.ask.kind === 'budget') return addToInbox(state, item)
  if (state.ask.kind === 'continue') return addToInbox(resolveContinue(closeAsk(state, event.at), event.at, true), item)
  return resolveCallOrPlan(state, event, state.ask, { isApproved: state.ask.kind === 'question', text: body.text })
}

/** An answer counts for the open question only, and for the effect that was shown only. */
export function applyAnswer(state: SessionState, event: SessionEvent, body: EventOf<'human-answered'>): SessionState {
  const { ask } = state
  if (!ask || ask.askId !== body.askId) return state
  if (ask.effect && body.decision === 'approve' && ask.effect.hash !== body.effectHash) return state
  if (isExpired(ask, event.at) && body.decision === 'approve') return state
  // An effect needs a plain yes; words alone are never one.
  const isApproved = ask.kind === 'approval' ? body.decision === 'approve' : body.decision !== 'reject'
  if (isOffer(ask)) return answerOffer(state, event, body, ask)
  switch (ask.kind) {
    case 'question':
    case 'approval':
    case 'plan':
      return resolveCallOrPlan(state, event, ask, { isApproved, text: body.text })
    case 'continue':
      return addWords(resolveContinue(closeAsk(state, event.at), event.at, isApproved), event, body.text)
    case 'budget': {
      const closed = closeAsk(state, event.at)
      if (!isApproved) return { ...closed, stop: { reason: 'the budget was not raised' } }
      return { ...closed, limits: { ...closed.limits, budgetMicros: body.budgetMicros ?? doubled(closed.limits.budgetMicros) } }
    }
  }
}

/** A comment by somebody with rights answers the agent's question; its words follow as a note. */
export function answerByComment(state: SessionState, event: SessionEvent, author: string): SessionState {
  const { ask } = state
  if (ask?.kind !== 'question' || isOffer(ask)) return state
  return resolveCallOrPlan(state, event, ask, { isApproved: true, text: `${author} answered with a comment, which follows.` })
}

/** Whether the ask can no longer be approved at this moment. */
export function isExpired(ask: HumanAsked, at: string): boolean {
  return ask.expiresAt !== null && Date.parse(at) > Date.parse(ask.expiresAt)
}

/** A question that no call of the agent waits for: it was asked after the session had ended. */
function isOffer(ask: HumanAsked): boolean {
  return ask.kind === 'question' && ask.callId === null
}

function answerOffer(state: SessionState, event: SessionEvent, body: EventOf<'human-answered'>, ask: HumanAsked): SessionState {
  const closed = closeAsk(state, event.at)
  const [accept, decline] = ask.options
  if (body.decision === 'reject' || body.text === decline) return { ...closed, finished: null, reopened: state.finished }
  return addWords(acceptOffer(closed, event, ask.question), event, body.text === accept ? '' : body.text)
}

function resolveCallOrPlan(
  state: SessionState,
  event: SessionEvent,
  ask: HumanAsked,
  answer: { isApproved: boolean; text: string },
): SessionState {
  const closed = closeAsk(state, event.at)
  if (ask.kind === 'plan') return resolvePlan(closed, event, answer)
  const approval = answer.isApproved ? ('approved' as const) : ('rejected' as const)
  return {
    ...closed,
    batch: closed.batch.map((call) => (call.callId === ask.callId ? { ...call, approval, answerText: answer.text } : call)),
  }
}

function resolvePlan(state: SessionState, event: SessionEvent, answer: { isApproved: boolean; text: string }): SessionState {
  const fallback = answer.isApproved ? 'The plan is approved. Go ahead.' : 'The plan is not approved. Propose another one with update_plan.'
  const text = answer.text === '' ? fallback : `${fallback}\n${answer.text}`
  const item: InboxItem = { kind: 'user', seq: event.seq, text, mode: 'steer' }
  return addToInbox({ ...state, planApproval: answer.isApproved ? 'approved' : 'rejected' }, item)
}

function resolveContinue(state: SessionState, at: string, isApproved: boolean): SessionState {
  if (!isApproved) return { ...state, parked: null, stop: { reason: 'a person decided not to go on' } }
  return beginTurn(notePause(state), at)
}

/** Guards against the model's own doing: it should hear of them, or it does the same again. */
const ownDoing: ReadonlySet<string> = new Set(['loop', 'mistakes', 'turns', 'wall'])

function notePause(state: SessionState): SessionState {
  const { parked } = state
  if (!parked) return state
  const note = (text: string): SessionState =>
    addToInbox(state, { kind: 'note', seq: state.head, origin: `guard: ${parked.guard}`, trust: 'trusted', text })
  if (hasDeclined(state)) return note('You declined to answer. A person has read that and says to go on with the task.')
  if (!ownDoing.has(parked.guard)) return state
  return note(`The session was paused: ${parked.reason} A person says to go on. Take another way than before.`)
}

/** Without a word to the model, the session would rest on the refusal and park again. */
function hasDeclined(state: SessionState): boolean {
  const last = state.transcript.at(-1)
  return last?.kind === 'assistant' && last.finish === 'refusal'
}

function addWords(state: SessionState, event: SessionEvent, text: string): SessionState {
  if (state.stop || text === '') return state
  return addToInbox({ ...state, messages: [...state.messages, text] }, { kind: 'user', seq: event.seq, text, mode: 'steer' })
}

function closeAsk(state: SessionState, at: string): SessionState {
  return { ...state, ask: null, turn: endWait(state.turn, at) }
}

function addToInbox(state: SessionState, item: InboxItem): SessionState {
  return { ...state, inbox: [...state.inbox, item] }
}

function doubled(budgetMicros: number | null): number | null {
  return budgetMicros === null ? null : budgetMicros * 2
}
