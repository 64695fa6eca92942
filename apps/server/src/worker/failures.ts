// What happens to a session whose drive itself fails, again and again: later tries, then a person is told.

import { parkBodies } from '@slipway/core/moves/guard-move'
import type { Ports } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import { databaseTrouble } from '@slipway/store/database-trouble'
import { diskFullAdvice } from '../runtime/disk-full.ts'

export interface Failures {
  /** How long it takes until the session is tried again after one more failure. */
  retryInMs(sessionId: string): number
  /** Counts a failure; after several in a row, or one that only a person can mend, the session is parked with the reason. A database in trouble is no failure of the session's. */
  record(sessionId: string, error: unknown): Promise<void>
  forget(sessionId: string): void
}

const FIRST_DELAY_MS = 2_000
const LONGEST_DELAY_MS = 300_000
const PARKED_AFTER = 5

/** Counts in this process only: another worker may be the one on which it works. */
export function openFailures({ clock, ids, log }: Pick<Ports, 'clock' | 'ids' | 'log'>): Failures {
  const counts = new Map<string, number>()
  const countOf = (sessionId: string): number => counts.get(sessionId) ?? 0

  return {
    retryInMs: (sessionId) => Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** countOf(sessionId)),
    async record(sessionId, error) {
      if (databaseTrouble(error) !== null) return
      const count = countOf(sessionId) + 1
      counts.set(sessionId, count)
      const advice = diskFullAdvice(error)
      if (count < PARKED_AFTER && advice === null) return
      counts.delete(sessionId)
      const state = replay(await log.read({ sessionId, after: 0 }))
      if (state.finished || state.ask) return
      const reason =
        advice ?? `Slipway itself failed ${count} times in a row at this point (${nameOf(error)}). The server's log has the details.`
      const at = new Date(clock.now()).toISOString()
      const events = parkBodies(state, 'sandbox', reason).map((body) => ({
        id: ids.next(),
        at,
        actor: { kind: 'system' as const, id: 'worker' },
        body,
      }))
      // A conflict means that somebody spoke meanwhile: then it is tried again anyway.
      await log.append({ sessionId, events, expectedSeq: state.head, lease: null, wake: 'no' })
    },
    forget: (sessionId) => void counts.delete(sessionId),
  }
}

/** The class and code only: a message may hold what must not be in a log that people read. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? `${error.name}, ${code}` : error.name
}
