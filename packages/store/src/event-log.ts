// The append-only log. One append is one statement: lease, head, events and the session's row are checked and written together.

import type { EventBody, ModelFailed, ModelResponded, NewEvent, SessionEvent } from '@slipway/core/events'
import type { AppendInput, AppendResult, Blobs, EventLog, LiveMessage } from '@slipway/core/ports'
import type { Pool } from 'pg'
import { eventColumns, toEvent, type EventRow } from './event-row.ts'
import { isPlainChange, sessionChange, sessionOrigin } from './session-projection.ts'
import { isPossibleId, storableJson, storableText } from './storable-text.ts'

/** The log with what viewers need besides. */
export interface StoredEventLog extends EventLog {
  /** The newest `count` events, ascending. */
  readLast(input: { sessionId: string; count: number }): Promise<SessionEvent[]>
}

/** Larger bodies go to the blobs and come back whole. */
const largestBodyBytes = 64 * 1024

interface EncodedEvent {
  event: NewEvent
  actorJson: string
  bodyJson: string | null
  bodyBlob: string | null
}

/**
 * `publish` is called after the commit and must not throw; with events of one session in their order only per append.
 * `readIf`: SQL on the session `$1` that is asked once before any event is looked at.
 */
export function createEventLog(input: {
  pool: Pool
  blobs: Blobs
  publish(message: LiveMessage): void
  readIf?: { name: string; sql: string }
}): StoredEventLog {
  const { pool, blobs } = input
  const readIf = input.readIf === undefined ? '' : ` and ${input.readIf.sql}`
  const nameOf = (name: string): string => (input.readIf === undefined ? name : `${name} ${input.readIf.name}`)

  async function append(wanted: AppendInput): Promise<AppendResult> {
    if (!isPossibleId(wanted.sessionId)) return { ok: false, kind: 'unknown-session' }
    const encoded = await Promise.all(wanted.events.map((event) => encode(event, blobs)))
    const { rows } = await pool.query<{ kind: 'ok' | 'conflict' | 'fenced' | 'unknown-session'; first_seq: number }>({
      name: 'append-events',
      text: 'select kind, first_seq from append_events($1, $2, $3, $4, $5, $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[], $12, $13, $14, $15, $16, $17, $18::text[], $19::bigint[])',
      values: appendParameters(wanted, encoded),
    })
    const [row] = rows
    if (row === undefined) throw new Error('append_events returned nothing.')
    if (row.kind === 'conflict') return { ok: false, kind: 'conflict', head: row.first_seq - 1 }
    if (row.kind !== 'ok') return { ok: false, kind: row.kind }
    const events = encoded.map(
      ({ event }, index): SessionEvent => ({ ...event, sessionId: wanted.sessionId, seq: row.first_seq + index, version: 1 }),
    )
    announce(wanted, events)
    return { ok: true, events }
  }

  function announce(wanted: AppendInput, events: SessionEvent[]): void {
    const last = events.at(-1)
    if (last !== undefined) input.publish({ kind: 'events', sessionId: wanted.sessionId, head: last.seq, events })
    if (wanted.wake === 'now') input.publish({ kind: 'wake', sessionId: wanted.sessionId })
  }

  async function read(wanted: { sessionId: string; after: number; limit?: number }): Promise<SessionEvent[]> {
    if (!isPossibleId(wanted.sessionId)) return []
    const { rows } = await pool.query<EventRow>({
      name: nameOf('read-events'),
      text: `select ${eventColumns} from events where session_id = $1 and seq > $2${readIf} order by seq limit $3`,
      values: [wanted.sessionId, wanted.after, wanted.limit ?? null],
    })
    return rows.map(toEvent)
  }

  async function readLast(wanted: { sessionId: string; count: number }): Promise<SessionEvent[]> {
    if (!isPossibleId(wanted.sessionId)) return []
    const { rows } = await pool.query<EventRow>({
      name: nameOf('read-last-events'),
      text: `select ${eventColumns} from events where session_id = $1${readIf} order by seq desc limit $2`,
      values: [wanted.sessionId, wanted.count],
    })
    return rows.reverse().map(toEvent)
  }

  return { append, read, readLast }
}

function appendParameters(wanted: AppendInput, encoded: EncodedEvent[]): unknown[] {
  const bodies = encoded.map(({ event }) => event.body)
  const [first] = bodies
  const change = sessionChange(bodies)
  const settled = bodies.filter(isOutcomeOfCall)
  return [
    wanted.sessionId,
    wanted.expectedSeq,
    wanted.lease?.workerId ?? null,
    wanted.lease?.fence ?? null,
    wanted.wake === 'now',
    encoded.map(({ event }) => event.id),
    encoded.map(({ event }) => event.at),
    encoded.map(({ actorJson }) => actorJson),
    bodies.map((body) => body.type),
    encoded.map(({ bodyJson }) => bodyJson),
    encoded.map(({ bodyBlob }) => bodyBlob),
    first?.type === 'session-created' ? JSON.stringify(sessionOrigin(first)) : null,
    first?.type === 'session-created' || !isPlainChange(change) ? JSON.stringify(change) : null,
    change.title,
    change.status,
    change.outcome,
    change.costMicros,
    settled.map(({ callId }) => callId),
    settled.map(({ costMicros }) => costMicros),
  ]
}

function isOutcomeOfCall(body: EventBody): body is ModelResponded | ModelFailed {
  return body.type === 'model-responded' || body.type === 'model-failed'
}

/** What is stored and what is returned are the same: both without characters that cannot be stored. */
async function encode(event: NewEvent, blobs: Blobs): Promise<EncodedEvent> {
  const actor = storableJson(event.actor)
  const body = storableJson(event.body)
  const isLarge = body.json.length > largestBodyBytes || Buffer.byteLength(body.json) > largestBodyBytes
  return {
    event: { id: storableText(event.id), at: event.at, actor: actor.value, body: body.value },
    actorJson: actor.json,
    bodyJson: isLarge ? null : body.json,
    bodyBlob: isLarge ? await blobs.put(Buffer.from(body.json)) : null,
  }
}
