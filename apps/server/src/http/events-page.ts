// One page of a session's events, after a cursor or before one; ascending either way.

import type { SessionEvent } from '@slipway/core/events'
import type { EventLog } from '@slipway/core/ports'

export interface PageQuery {
  after: number
  /** The newest page before this seq, in place of the one after `after`. */
  before?: number | undefined
  limit: number
}

/** `head` is the last event that there is. */
export async function readPage(
  log: Pick<EventLog, 'read'>,
  session: { id: string; head: number },
  { after, before, limit }: PageQuery,
): Promise<{ events: SessionEvent[]; head: number }> {
  const end = before === undefined ? Number.POSITIVE_INFINITY : Math.min(before, session.head + 1)
  const from = before === undefined ? after : Math.max(0, end - 1 - limit)
  const count = Math.min(limit, Math.max(0, end - 1 - from))
  const events = count === 0 ? [] : await log.read({ sessionId: session.id, after: from, limit: count })
  return { events, head: Math.max(session.head, events.at(-1)?.seq ?? 0) }
}
