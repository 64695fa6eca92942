// Long sessions without working for them: their events are written straight into the log.

import { randomUUID } from 'node:crypto'
import { openStore } from '@slipway/store/store'
import { exampleBodies, newEvent } from './example-session.ts'

const AT_ONCE = 500

/**
 * Writes finished sessions of so many events each into the database of a home, whether its server runs or not.
 * They belong to the installation's first person. Returns their ids.
 */
export async function writeLongSessions(home: string, counts: number[]): Promise<string[]> {
  const opened = await openStore({ home, databaseUrl: null })
  if (!opened.ok) throw new Error(`${opened.message} ${opened.fix}`)
  const { store } = opened
  try {
    const ids: string[] = []
    for (const count of counts) {
      const sessionId = randomUUID()
      const end = { type: 'session-finished', outcome: 'nothing-to-do', summary: 'All of it was looked at.' } as const
      const events = [...exampleBodies(count - 1, 'local'), end].map(newEvent)
      for (let from = 0; from < events.length; from += AT_ONCE) {
        const written = await store.log.append({
          sessionId,
          events: events.slice(from, from + AT_ONCE),
          expectedSeq: from,
          lease: null,
          wake: 'no',
        })
        if (!written.ok) throw new Error(`a long session could not be written: ${written.kind}`)
      }
      ids.push(sessionId)
    }
    await store.database.pool.query('analyze events')
    return ids
  } finally {
    await store.close()
  }
}
