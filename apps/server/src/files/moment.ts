// Which tree a session's files are read from: what its log says was the work tree at that moment.

import type { SandboxBackendName, SessionEvent } from '@slipway/core/events'

/** `base`: the commit it started from, or that of the base that was taken in since. `now`: the newest. A number: as of that event. */
export type Moment = 'base' | 'now' | number

export type TreePlace =
  | { kind: 'commit'; url: string; oid: string; seq: number }
  | { kind: 'checkpoint'; workspace: string; backend: SandboxBackendName; checkpoint: string; seq: number }

/** What is needed to find places; the newest of each kind at most. */
export const PLACE_EVENTS = [
  'session-created',
  'session-forked',
  'repository-prepared',
  'base-taken-in',
  'sandbox-started',
  'checkpoint-created',
  'checkpoint-restored',
] as const

/** null: the repository has not been fetched yet. `events` are those of PLACE_EVENTS, ascending. */
export function placeOf(events: readonly SessionEvent[], moment: Moment): TreePlace | null {
  const upTo = typeof moment === 'number' ? moment : Infinity
  let url = ''
  let backend: SandboxBackendName | null = null
  let base: TreePlace | null = null
  let tree: TreePlace | null = null
  for (const { seq, sessionId, body } of events) {
    if (seq > upTo) break
    if (body.type === 'session-created') {
      url = body.repository.url
      backend = body.sandbox
    }
    if (body.type === 'repository-prepared') base = { kind: 'commit', url, oid: body.baseOid, seq }
    if (body.type === 'base-taken-in' && body.checkpoint !== null) base = { kind: 'commit', url, oid: body.baseOid, seq }
    if (body.type === 'sandbox-started') backend = body.backend
    const checkpoint =
      body.type === 'checkpoint-created' || body.type === 'checkpoint-restored' || body.type === 'session-forked' ? body.checkpoint : null
    if (checkpoint !== null && backend !== null) tree = { kind: 'checkpoint', workspace: sessionId, backend, checkpoint, seq }
  }
  return moment === 'base' ? base : (tree ?? base)
}
