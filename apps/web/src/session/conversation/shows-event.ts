import type { SessionEvent } from '@slipway/core/events'
import type { Row } from './row.ts'

/** Whether the row is one of those that an event is seen in; `false` for all rows where none tells of it. */
export function showsEvent(row: Row, { seq, body }: SessionEvent): boolean {
  switch (body.type) {
    case 'session-created':
    case 'session-renamed':
      return row.kind === 'task'
    case 'model-responded':
      return row.key === `answer-${body.callId}` || row.key === `calls-${body.callId}`
    case 'tool-ruled':
    case 'tool-started':
    case 'tool-finished':
      return row.kind === 'calls' && row.calls.some(({ callId }) => callId === body.callId)
    case 'human-asked':
    case 'human-answered':
      return row.key === `ask-${body.askId}`
    case 'commit-offered':
      return row.key === `commit-${body.oid}`
    default:
      return row.seq === seq
  }
}

/** Where an event is seen first: in a row that shows it, else in the last one before it. */
export function placeOf(rows: readonly Row[], event: SessionEvent): number {
  const own = rows.findIndex((row) => showsEvent(row, event))
  return own >= 0 ? own : Math.max(0, lastBefore(rows, event.seq))
}

/** The last row that began with the event or before it; -1 when there is none. */
export function lastBefore(rows: readonly Row[], seq: number): number {
  return rows.findLastIndex((row) => row.seq <= seq)
}
