// Who drives which session: the queue (`wake_at`) and the lease are columns of the session's row. Times are the database's.

import type { Lease } from '@slipway/core/ports'
import type { Pool } from 'pg'
import { isPossibleId } from './storable-text.ts'

export interface Leases {
  /** Takes the session that has been due for longest and that nobody drives; null: there is none. */
  claim(input: { workerId: string; leaseMs?: number }): Promise<Lease | null>
  /** Takes this session, due or not; null: unknown, or somebody else drives it. It stays due until released. */
  claimSession(input: { sessionId: string; workerId: string; leaseMs?: number }): Promise<Lease | null>
  /** Extends a lease that still holds; false: it is lost, stop driving. */
  heartbeat(lease: Lease, leaseMs?: number): Promise<boolean>
  /** Gives the session back; it is due again after so many milliseconds of the database's clock, or with the next append. `head-moved`: something was appended after `atHead`; read it and decide again, the lease still holds. */
  release(
    lease: Lease,
    input: { atHead: number; wakeInMs: number | null },
  ): Promise<{ ok: true } | { ok: false; kind: 'head-moved'; head: number } | { ok: false; kind: 'lost' }>
  /** Frees the sessions of workers that are known to be gone, so that nobody waits for their leases to run out. Returns the sessions. */
  freeGone(isGone: (workerId: string) => boolean): Promise<string[]>
  /** Looks whether the database's clock was set back by more than twenty seconds, and moves what waits with it. Returns the milliseconds; 0: it was not. */
  followClock(): Promise<number>
  /** Frees the sessions of workers that fell silent, and tells how many sessions a worker could claim now. */
  sweep(): Promise<{ expired: string[]; due: number }>
}

const defaultLeaseMs = 15_000

export function createLeases(pool: Pool): Leases {
  return {
    async claim({ workerId, leaseMs = defaultLeaseMs }) {
      const { rows } = await pool.query<{ id: string; lease_fence: number }>({
        name: 'claim',
        text: `update sessions set ${taken}
               where id = (
                 select id from sessions
                 where wake_at <= clock_timestamp() and (lease_until is null or lease_until <= clock_timestamp())
                 order by wake_at limit 1 for update skip locked)
               returning id, lease_fence`,
        values: [workerId, leaseMs],
      })
      return toLease(rows[0], workerId)
    },
    async claimSession({ sessionId, workerId, leaseMs = defaultLeaseMs }) {
      if (!isPossibleId(sessionId)) return null
      const { rows } = await pool.query<{ id: string; lease_fence: number }>({
        name: 'claim-session',
        text: `update sessions set ${taken}, wake_at = least(wake_at, clock_timestamp())
               where id = $3 and (lease_until is null or lease_until <= clock_timestamp())
               returning id, lease_fence`,
        values: [workerId, leaseMs, sessionId],
      })
      return toLease(rows[0], workerId)
    },
    async heartbeat(lease, leaseMs = defaultLeaseMs) {
      const { rowCount } = await pool.query({
        name: 'heartbeat',
        text: `update sessions set lease_until = clock_timestamp() + $4 * interval '1 ms' where ${isHeld}`,
        values: [...heldBy(lease), leaseMs],
      })
      return rowCount === 1
    },
    async release(lease, { atHead, wakeInMs }) {
      const { rowCount } = await pool.query({
        name: 'release',
        text: `update sessions set lease_worker = null, lease_until = null, wake_at = clock_timestamp() + $5::float8 * interval '1 ms'
               where ${isHeld} and head = $4`,
        values: [...heldBy(lease), atHead, wakeInMs],
      })
      if (rowCount === 1) return { ok: true }
      const { rows } = await pool.query<{ head: number }>(`select head from sessions where ${isHeld}`, heldBy(lease))
      return rows[0] === undefined ? { ok: false, kind: 'lost' } : { ok: false, kind: 'head-moved', head: rows[0].head }
    },
    async freeGone(isGone) {
      const { rows } = await pool.query<{ lease_worker: string }>(
        'select distinct lease_worker from sessions where lease_until > clock_timestamp()',
      )
      const gone = rows.map((row) => row.lease_worker).filter(isGone)
      if (gone.length === 0) return []
      // The fence has not moved yet, but an append needs a lease that holds: from here on theirs does not.
      const freed = await pool.query<{ id: string }>(
        `update sessions set lease_worker = null, lease_until = null, wake_at = least(wake_at, clock_timestamp())
         where lease_worker = any($1) returning id`,
        [gone],
      )
      return freed.rows.map(({ id }) => id)
    },
    async followClock() {
      const { rows } = await pool.query<{ ms: number | null }>({
        name: 'follow-clock',
        text: 'select extract(epoch from follow_clock())::float8 * 1000 as ms',
      })
      return rows[0]?.ms ?? 0
    },
    async sweep() {
      const { rows } = await pool.query<{ id: string }>(
        `update sessions set lease_worker = null, lease_until = null, wake_at = least(wake_at, clock_timestamp())
         where id in (select id from sessions where lease_until <= clock_timestamp() for update skip locked)
         returning id`,
      )
      const due = await pool.query<{ count: number }>(
        'select count(*) as count from sessions where wake_at <= clock_timestamp() and lease_until is null',
      )
      return { expired: rows.map(({ id }) => id), due: due.rows[0]?.count ?? 0 }
    },
  }
}

const taken = `lease_worker = $1, lease_fence = lease_fence + 1, lease_until = clock_timestamp() + $2 * interval '1 ms'`

/** A lease that ran out is lost, even when nobody has taken it since. */
const isHeld = 'id = $1 and lease_worker = $2 and lease_fence = $3 and lease_until > clock_timestamp()'

function heldBy(lease: Lease): [string, string, number] {
  return [lease.sessionId, lease.workerId, lease.fence]
}

function toLease(row: { id: string; lease_fence: number } | undefined, workerId: string): Lease | null {
  return row === undefined ? null : { sessionId: row.id, workerId, fence: row.lease_fence }
}
