// A new session that begins with a copy of another one's past.

import type { EventBody, NewEvent } from '@slipway/core/events'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import { loadSession, localPerson, type LogPorts } from './access.ts'

export interface ForkInput {
  sessionId: string
  atSeq: number
  /** `provider/model` that goes on instead; null for the same. */
  model: string | null
  wake: 'now' | 'no'
}

/** Left behind: they speak of files, commits and branches that belong to the session that was forked. */
const OWN_TO_A_SESSION = new Set<EventBody['type']>([
  'checkpoint-created',
  'checkpoint-restored',
  'commit-offered',
  'scan-finished',
  'verification-finished',
  'branch-pushed',
  'change-request-opened',
  'sandbox-started',
])

const NOTE =
  'This session was forked from another one. The conversation is the same up to here, but the work tree is that of the base commit: changes made before this point are not in it.'

/** Copies everything up to `atSeq` and returns the new session's id. Its work tree starts from the base commit, and the model is told so. */
export async function fork(ports: LogPorts, { sessionId, atSeq, model, wake }: ForkInput): Promise<string> {
  const { events, state } = await loadSession(ports, sessionId)
  if (atSeq > state.head) throw new SlipwayError('usage', `The session has ${state.head} events; fork at one of them.`)
  const id = ports.ids.next()
  const past = events.filter((event) => event.seq <= atSeq && !OWN_TO_A_SESSION.has(event.body.type))
  const forked: EventBody = { type: 'session-forked', fromSessionId: sessionId, fromSeq: atSeq, checkpoint: null, model }
  const note: EventBody = { type: 'context-added', origin: 'fork', trust: 'trusted', text: NOTE, ref: null }
  const copies = past.map(
    (event): NewEvent => ({ id: ports.ids.next(), at: event.at, actor: event.actor, body: ownBody(event.body, sessionId, id) }),
  )
  const at = new Date(ports.clock.now()).toISOString()
  const result = await ports.log.append({
    sessionId: id,
    events: [...copies, ...[forked, note].map((body) => ({ id: ports.ids.next(), at, actor: localPerson, body }))],
    expectedSeq: null,
    lease: null,
    wake,
  })
  if (!result.ok) throw unknownSession(id)
  return id
}

/** A fork works on a branch of its own, from the same base. */
function ownBody(body: EventBody, from: string, to: string): EventBody {
  if (body.type === 'repository-prepared') return { ...body, branch: body.branch.replace(from, to) }
  return body
}
