// One driver's view of one session: the state, kept current, and the two ways to append to its log.

import type { Actor, EventBody, SessionEvent } from '@slipway/core/events'
import type { AppendResult, Lease, Ports } from '@slipway/core/ports'
import { reduce, replay } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'

export interface SessionLog {
  state(): SessionState
  /** The state to decide from; `intend` holds only as long as nothing is appended after this look. */
  decide(): SessionState
  /** Appends what was decided at the last `decide`. False when the log moved on since: decide again. */
  intend(bodies: EventBody[]): Promise<boolean>
  /** Appends what has happened; nothing that others appended in between can undo it. */
  record(bodies: EventBody[]): Promise<void>
  /** Folds in what others appended; false when that was nothing. Reads nothing where the log is known up to `head` by its turn. */
  catchUp(head?: number): Promise<boolean>
}

/** The lease went to another worker, or ran out. Nothing more may be done for this session. */
export class LeaseLost extends Error {
  readonly code = 'lease-lost'
  constructor(sessionId: string) {
    super(`another worker drives session ${sessionId}`)
    this.name = 'LeaseLost'
  }
}

/** Reads the log and folds it. Throws LeaseLost from any append that is refused for its fence. */
export async function openSessionLog(lease: Lease, ports: Pick<Ports, 'log' | 'ids' | 'clock'>): Promise<SessionLog> {
  let state = replay(await ports.log.read({ sessionId: lease.sessionId, after: 0 }))
  let decidedHead = state.head
  let queue: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = queue.then(run, run)
    queue = result.catch(() => undefined)
    return result
  }

  const fold = (events: readonly SessionEvent[]): void => {
    for (const event of events) if (event.seq > state.head) state = reduce(state, event)
  }

  const readNew = async (): Promise<boolean> => {
    const events = await ports.log.read({ sessionId: lease.sessionId, after: state.head })
    fold(events)
    return events.length > 0
  }

  const append = (bodies: EventBody[]): Promise<AppendResult> => {
    const at = new Date(ports.clock.now()).toISOString()
    const events = bodies.map((body) => ({ id: ports.ids.next(), at, actor: actorOf(body, lease.workerId), body }))
    return ports.log.append({ sessionId: lease.sessionId, events, expectedSeq: state.head, lease, wake: 'no' })
  }

  /** True when appended, false when the head had moved; the state is current in both cases. */
  const attempt = async (bodies: EventBody[]): Promise<boolean> => {
    const result = await append(bodies)
    if (result.ok) {
      fold(result.events)
      return true
    }
    if (result.kind === 'conflict') {
      await readNew()
      return false
    }
    throw new LeaseLost(lease.sessionId)
  }

  return {
    state: () => state,
    decide() {
      decidedHead = state.head
      return state
    },
    intend: (bodies) => inTurn(async () => state.head === decidedHead && (await attempt(bodies))),
    record: (bodies) =>
      inTurn(async () => {
        while (!(await attempt(bodies))) continue
      }),
    catchUp: (head = Number.POSITIVE_INFINITY) => inTurn(async () => head > state.head && readNew()),
  }
}

const agentFacts: ReadonlySet<EventBody['type']> = new Set([
  'model-responded',
  'tool-started',
  'tool-finished',
  'plan-updated',
  'human-asked',
])

function actorOf(body: EventBody, workerId: string): Actor {
  return agentFacts.has(body.type) ? { kind: 'agent' } : { kind: 'system', id: workerId }
}
