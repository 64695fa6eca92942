import type { EventBody, SessionEvent } from '@slipway/core/events'

export interface EventRow {
  session_id: string
  seq: number
  id: string
  at: string
  version: 1
  actor: SessionEvent['actor']
  body: EventBody
}

/** Columns of `events` that make an EventRow, large bodies fetched from the blobs. */
export const eventColumns = `session_id, seq, id, at, version, actor,
  case when body_blob is null then body else (select convert_from(bytes, 'UTF8')::json from blobs where sha = body_blob) end as body`

export function toEvent(row: EventRow): SessionEvent {
  return { id: row.id, sessionId: row.session_id, seq: row.seq, at: row.at, version: row.version, actor: row.actor, body: row.body }
}
