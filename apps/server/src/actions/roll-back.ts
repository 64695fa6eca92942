// Takes a session's work tree back to an earlier checkpoint. The next sandbox starts from it; the agent is told.

import type { EventBody, SessionEvent } from '@slipway/core/events'
import { statusOf, type SessionState } from '@slipway/core/state'
import { actorOf } from '../auth/person.ts'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import { loadSession, type LogPorts } from './access.ts'

/** Appends `checkpoint-restored` and a note for the agent; returns the former's seq. Refused while the agent works or waits for an answer. */
export async function rollBack(ports: LogPorts, input: { sessionId: string; toSeq: number; wake: 'now' | 'no' }): Promise<number> {
  for (;;) {
    const { state, events } = await loadSession(ports, input.sessionId)
    refuseUnlessResting(state)
    const at = new Date(ports.clock.now()).toISOString()
    const bodies = describe(events, input.toSeq)
    const result = await ports.log.append({
      sessionId: input.sessionId,
      events: bodies.map((body) => ({ id: ports.ids.next(), at, actor: actorOf(ports.person), body })),
      expectedSeq: state.head,
      lease: null,
      wake: input.wake,
    })
    if (result.ok) return state.head + 1
    if (result.kind !== 'conflict') throw unknownSession(input.sessionId)
  }
}

function refuseUnlessResting(state: SessionState): void {
  const status = statusOf(state)
  if (status === 'done' || status === 'parked') return
  if (status === 'waiting')
    throw new SlipwayError('conflict', 'The session waits for an answer. Answer or stop it, then roll the work tree back.')
  throw new SlipwayError('conflict', 'The agent is at work. Stop it, then roll the work tree back.')
}

function describe(events: readonly SessionEvent[], toSeq: number): EventBody[] {
  const target = events.findLast(({ seq, body }) => seq <= toSeq && isTree(body))
  if (target === undefined)
    throw new SlipwayError('usage', 'There was no checkpoint yet at that point. Choose a later step, or start a new session.')
  const { body } = target
  const tree = treeOf(body)
  return [
    { type: 'checkpoint-restored', ...tree, reason: `Rolled back to event ${target.seq} by a person.` },
    {
      type: 'context-added',
      origin: 'rollback',
      trust: 'trusted',
      text: 'A person took the work tree back to an earlier state. Changes made to files after that point are gone, commits on the branch are not. Read files again before you edit them.',
      ref: null,
    },
  ]
}

function isTree(body: EventBody): boolean {
  return (
    body.type === 'checkpoint-created' ||
    body.type === 'checkpoint-restored' ||
    (body.type === 'session-forked' && body.checkpoint !== null)
  )
}

function treeOf(body: EventBody): { checkpoint: string; treeHash: string } {
  if (body.type === 'checkpoint-created' || body.type === 'checkpoint-restored')
    return { checkpoint: body.checkpoint, treeHash: body.treeHash }
  if (body.type === 'session-forked' && body.checkpoint !== null) return { checkpoint: body.checkpoint, treeHash: body.checkpoint }
  throw new Error(`${body.type} names no tree`)
}
