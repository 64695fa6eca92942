// Sessions without working for them: their events are written straight into the log, and no worker is woken.

import { randomUUID } from 'node:crypto'
import type { EventBody } from '@slipway/core/events'
import { openStore } from '@slipway/store/store'
import { newEvent } from './example-session.ts'

const AT_ONCE = 500

/** Writes one session for each list of events into the database of a home, whether its server runs or not. Returns their ids. */
export async function writeSessions(home: string, sessions: readonly EventBody[][]): Promise<string[]> {
  const opened = await openStore({ home, databaseUrl: null })
  if (!opened.ok) throw new Error(`${opened.message} ${opened.fix}`)
  const { store } = opened
  try {
    const ids: string[] = []
    for (const bodies of sessions) {
      const sessionId = randomUUID()
      const events = bodies.map(newEvent)
      for (let from = 0; from < events.length; from += AT_ONCE) {
        const written = await store.log.append({
          sessionId,
          events: events.slice(from, from + AT_ONCE),
          expectedSeq: from,
          lease: null,
          wake: 'no',
        })
        if (!written.ok) throw new Error(`a session could not be written: ${written.kind}`)
      }
      ids.push(sessionId)
    }
    await store.database.pool.query('analyze events')
    return ids
  } finally {
    await store.close()
  }
}
