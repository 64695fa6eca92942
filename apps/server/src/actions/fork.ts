// A new session that begins with a copy of another one's past.

import type { EventBody, NewEvent, SessionEvent } from '@slipway/core/events'
import type { Sandboxes } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import { actorOf } from '../auth/person.ts'
import { loadSession, type LogPorts } from './access.ts'

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
  'change-request-updated',
  'checks-reported',
  'review-received',
  'conflict-noticed',
  'base-taken-in',
  'sandbox-started',
])

const NOTES = {
  restored:
    'This session was forked from another one. The conversation and the work tree are the same up to here; commits made before this point are not on its branch, so their changes count as not committed.',
  fromBase:
    'This session was forked from another one. The conversation is the same up to here, but the work tree is that of the base commit: changes made before this point are not in it.',
}

export type ForkPorts = LogPorts & { sandboxes: Pick<Sandboxes, 'copyCheckpoints'> }

/** Copies everything up to `atSeq` and returns the new session's id. Its work tree is that of the last checkpoint, or of the base commit where that cannot be copied; the model is told which. */
export async function fork(ports: ForkPorts, { sessionId, atSeq, model, wake }: ForkInput): Promise<string> {
  const { events, state } = await loadSession(ports, sessionId)
  if (atSeq > state.head) throw new SlipwayError('usage', `The session has ${state.head} events; fork at one of them.`)
  const id = ports.ids.next()
  const past = events.filter((event) => event.seq <= atSeq)
  const tree = lastTree(past)
  const checkpoint =
    tree && (await ports.sandboxes.copyCheckpoints({ backend: tree.backend, from: sessionId, to: id })) ? tree.checkpoint : null
  const forked: EventBody = { type: 'session-forked', fromSessionId: sessionId, fromSeq: atSeq, checkpoint, model }
  const text = checkpoint === null ? NOTES.fromBase : NOTES.restored
  const note: EventBody = { type: 'context-added', origin: 'fork', trust: 'trusted', text, ref: null }
  const backend = checkpoint === null ? null : (tree?.backend ?? null)
  const copies = past
    .filter((event) => !OWN_TO_A_SESSION.has(event.body.type))
    .map(
      (event): NewEvent => ({
        id: ports.ids.next(),
        at: event.at,
        actor: event.actor,
        body: ownBody(event.body, { from: sessionId, to: id, backend, baseOid: checkpoint === null ? null : baseOf(past) }),
      }),
    )
  const at = new Date(ports.clock.now()).toISOString()
  const result = await ports.log.append({
    sessionId: id,
    events: [...copies, ...[forked, note].map((body) => ({ id: ports.ids.next(), at, actor: actorOf(ports.person), body }))],
    expectedSeq: null,
    lease: null,
    wake,
  })
  if (!result.ok) throw unknownSession(id)
  return id
}

type Backend = Extract<EventBody, { type: 'sandbox-started' }>['backend']

/** The newest checkpoint, and the backend whose store has it. */
function lastTree(past: readonly SessionEvent[]): { checkpoint: string; backend: Backend } | null {
  const checkpoint = past.findLast((event) => event.body.type === 'checkpoint-created')?.body
  const started = past.findLast((event) => event.body.type === 'sandbox-started')?.body
  if (checkpoint?.type !== 'checkpoint-created' || started?.type !== 'sandbox-started') return null
  return { checkpoint: checkpoint.checkpoint, backend: started.backend }
}

/** The commit of the base that its newest tree has in it: what others have changed up to there is not the fork's doing. */
function baseOf(past: readonly SessionEvent[]): string | null {
  const { work, repository } = replay(past)
  return work.incoming?.step === 'merged' ? work.incoming.oid : (repository?.baseOid ?? null)
}

/** A fork works on a branch of its own, from the base that its tree has in it, on the backend that has its checkpoint. */
function ownBody(
  body: EventBody,
  { from, to, backend, baseOid }: { from: string; to: string; backend: Backend | null; baseOid: string | null },
): EventBody {
  if (body.type === 'repository-prepared') return { ...body, baseOid: baseOid ?? body.baseOid, branch: body.branch.replace(from, to) }
  if (body.type === 'session-created' && backend !== null) return { ...body, sandbox: backend }
  return body
}
