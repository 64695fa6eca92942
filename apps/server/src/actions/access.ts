// How an action finds its session, and appends for a person.

import type { EventBody, SessionEvent } from '@slipway/core/events'
import type { Ports } from '@slipway/core/ports'
import { reduce, replay } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'
import { actorOf, type Person } from '../auth/person.ts'
import { unknownSession } from '../errors/slipway-error.ts'
import type { KnownState, SessionStates } from './session-states.ts'

/** Whose view it is; a whole Person fits. */
export type Asker = Pick<Person, 'id' | 'ownerId'>

/** `person`: who asks. `states`: what is known from earlier looks. See `portsFor` and `asLocal`. */
export type LogPorts = Pick<Ports, 'log' | 'ids' | 'clock'> & { person: Asker; states?: SessionStates }

export interface LoadedSession {
  state: SessionState
  events: SessionEvent[]
  createdAt: string
  updatedAt: string
}

/** Reads the whole log of a session that is the person's; anything else is not found. */
export async function loadSession(ports: Pick<LogPorts, 'log' | 'person'>, sessionId: string): Promise<LoadedSession> {
  const events = await ports.log.read({ sessionId, after: 0 })
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last === undefined) throw unknownSession(sessionId)
  const state = replay(events)
  if (state.ownerId !== ports.person.ownerId) throw unknownSession(sessionId)
  return { state, events, createdAt: first.at, updatedAt: last.at }
}

/** Events that are read and folded at once; others get their turn in between, however long the log is. */
const PAGE = 1_000

/** The same without the events; of a session that was looked at before, only what is new is read. */
export async function loadState(ports: Pick<LogPorts, 'log' | 'person' | 'states'>, sessionId: string): Promise<KnownState> {
  const key = `${ports.person.ownerId} ${sessionId}`
  // Several parts of a page ask at once: who comes second reads on from where the first one got to.
  const earlier = ports.states?.reading.get(key)
  if (earlier !== undefined) await earlier.catch(() => undefined)
  const loading = readOn(ports, sessionId)
  ports.states?.reading.set(key, loading)
  try {
    return await loading
  } finally {
    if (ports.states?.reading.get(key) === loading) ports.states.reading.delete(key)
  }
}

async function readOn(ports: Pick<LogPorts, 'log' | 'person' | 'states'>, sessionId: string): Promise<KnownState> {
  const kept = ports.states?.get(sessionId) ?? null
  // Somebody else's is read anew, which finds nothing.
  const start = kept?.state.ownerId === ports.person.ownerId ? kept : null
  let known = start
  for (;;) {
    const events = await ports.log.read({ sessionId, after: known?.state.head ?? 0, limit: PAGE })
    known = foldIn(known, events)
    if (known === null || known.state.ownerId !== ports.person.ownerId) throw unknownSession(sessionId)
    if (events.length < PAGE) break
  }
  if (known !== start) ports.states?.keep(sessionId, known)
  return known
}

function foldIn(known: KnownState | null, events: readonly SessionEvent[]): KnownState | null {
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last === undefined) return known
  if (known === null) return { state: replay(events), createdAt: first.at, updatedAt: last.at }
  return { ...known, state: events.reduce(reduce, known.state), updatedAt: last.at }
}

/**
 * Decides on the present state and appends what was decided, again when somebody else was faster.
 * `decide` throws to refuse and returns null when nothing has to be said. Returns the event's seq, or null.
 */
export async function appendForPerson(
  ports: LogPorts,
  input: { sessionId: string; wake: 'now' | 'no'; decide(state: SessionState, nowIso: string): EventBody | null },
): Promise<number | null> {
  for (;;) {
    const { state } = await loadState(ports, input.sessionId)
    const at = new Date(ports.clock.now()).toISOString()
    const body = input.decide(state, at)
    if (body === null) return null
    const result = await ports.log.append({
      sessionId: input.sessionId,
      events: [{ id: ports.ids.next(), at, actor: actorOf(ports.person), body }],
      expectedSeq: state.head,
      lease: null,
      wake: input.wake,
    })
    if (result.ok) return result.events.at(-1)?.seq ?? state.head + 1
    if (result.kind !== 'conflict') throw unknownSession(input.sessionId)
  }
}
