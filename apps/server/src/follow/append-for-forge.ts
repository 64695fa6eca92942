// What a forge tells goes into the log once: decided on the present state, and decided anew when somebody else was faster.

import type { EventBody } from '@slipway/core/events'
import { needsWorker } from '@slipway/core/next-move'
import type { Ports } from '@slipway/core/ports'
import { reduce } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'
import { loadState } from '../actions/access.ts'
import type { SessionStates } from '../actions/session-states.ts'

export interface ForgeSession {
  sessionId: string
  ownerId: string
}

type LogParts = Pick<Ports, 'log' | 'ids' | 'clock'> & { states?: SessionStates }

/** Returns how many events were appended. A worker is woken when they give it something to do. */
export async function appendForForge(
  ports: LogParts,
  { sessionId, ownerId }: ForgeSession,
  decide: (state: SessionState) => EventBody[],
): Promise<number> {
  const person = { id: ownerId, ownerId }
  for (;;) {
    const { state } = await loadState({ ...ports, person }, sessionId)
    const bodies = decide(state)
    if (bodies.length === 0) return 0
    const at = new Date(ports.clock.now()).toISOString()
    const actor = { kind: 'system' as const, id: 'forge' }
    const events = bodies.map((body) => ({ id: ports.ids.next(), at, actor, body }))
    const after = events.reduce((folded, event) => reduce(folded, { ...event, sessionId, seq: folded.head + 1, version: 1 }), state)
    const wake = needsWorker(after) ? 'now' : 'no'
    const result = await ports.log.append({ sessionId, events, expectedSeq: state.head, lease: null, wake })
    if (result.ok) return events.length
    if (result.kind !== 'conflict') throw new Error(`what a forge told was not taken into the log: ${result.kind}`)
  }
}
