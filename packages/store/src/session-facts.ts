// Some kinds of a session's events, found without reading its whole log.

import type { EventOf, EventType, SessionEvent } from '@slipway/core/events'
import type { Queryable } from './person-store.ts'
import { eventColumns, toEvent, type EventRow } from './event-row.ts'
import { isPossibleId } from './storable-text.ts'

/** Kinds that have an index of their own (migrations 0010 and 0019). */
export type FactType = Extract<
  EventType,
  | 'session-created'
  | 'session-forked'
  | 'repository-prepared'
  | 'base-taken-in'
  | 'sandbox-started'
  | 'checkpoint-created'
  | 'checkpoint-restored'
  | 'change-request-opened'
  | 'checks-reported'
  | 'human-asked'
>

/** At most one event of each type, the newest up to `upTo` (default: of all), ascending by seq. */
export async function readFacts(
  pool: Queryable,
  input: { sessionId: string; types: readonly FactType[]; upTo?: number },
): Promise<SessionEvent[]> {
  if (!isPossibleId(input.sessionId)) return []
  const { rows } = await pool.query<EventRow>(
    `select distinct on (type) ${eventColumns} from events
     where session_id = $1 and seq <= $2 and type in (${input.types.map((type) => `'${type}'`).join(', ')})
     order by type, seq desc`,
    [input.sessionId, input.upTo ?? 2 ** 31 - 1],
  )
  return rows.map(toEvent).sort((a, b) => a.seq - b.seq)
}

/** All events of these kinds, ascending, without the rest of the log. */
export async function readKinds(pool: Queryable, input: { sessionId: string; types: readonly EventType[] }): Promise<SessionEvent[]> {
  if (!isPossibleId(input.sessionId)) return []
  const { rows } = await pool.query<EventRow>(`select ${eventColumns} from events where session_id = $1 and type = any($2) order by seq`, [
    input.sessionId,
    input.types,
  ])
  return rows.map(toEvent)
}

/** The newest event of a kind, found from the end of the log; null when there is none. */
export async function readNewest<Type extends EventType>(
  pool: Queryable,
  input: { sessionId: string; type: Type },
): Promise<EventOf<Type> | null> {
  if (!isPossibleId(input.sessionId)) return null
  const { rows } = await pool.query<EventRow>(
    `select ${eventColumns} from events where session_id = $1 and type = $2 order by seq desc limit 1`,
    [input.sessionId, input.type],
  )
  const [newest] = rows.map(toEvent)
  // The query asks for no other type.
  return newest === undefined ? null : (newest.body as EventOf<Type>)
}
