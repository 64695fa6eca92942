// Which change requests are looked at next. Made from the log: a lost row comes back with the next catch-up.

import type { Pool } from 'pg'

export interface FollowedChange {
  sessionId: string
  ownerId: string
  provider: 'github' | 'gitlab'
  slug: string
  number: number
  openedAt: string
  /** How often it was looked at, this time included. */
  looks: number
}

export interface Followed {
  /** Adds every change request of the log that is not there yet; of one session, or of all. */
  catchUp(sessionId?: string): Promise<void>
  /** The one that has been due for longest, for `leaseMs`; null: there is none. */
  claim(input: { leaseMs: number }): Promise<FollowedChange | null>
  /** To be looked at again; `problem`: what kept this look from being complete. */
  postpone(change: FollowedChange, input: { afterMs: number; problem: string | null }): Promise<void>
  /** It was merged or closed, or its session is gone. */
  end(change: FollowedChange): Promise<void>
  /** Due now, ended or not: its forge or its session tells of something. `number` null: all of the repository. */
  nudge(input: { provider: string; slug: string; number: number | null }): Promise<number>
  nudgeSession(sessionId: string): Promise<void>
}

export function createFollowed(pool: Pool): Followed {
  return {
    async catchUp(sessionId) {
      await pool.query(
        `insert into followed (session_id, owner_id, provider, slug, number, opened_at)
         select distinct on (opened.session_id) opened.session_id, s.owner_id, first.body #>> '{repository,forge}',
           first.body #>> '{repository,slug}', (opened.body ->> 'number')::integer, opened.at
         from events opened join sessions s on s.id = opened.session_id
         join events first on first.session_id = opened.session_id and first.type = 'session-created' and first.seq = 1
         where opened.type = 'change-request-opened' and ($1::text is null or opened.session_id = $1)
           and first.body #>> '{repository,forge}' in ('github', 'gitlab') and first.body #>> '{repository,slug}' is not null
           and not exists (select from followed f where f.session_id = opened.session_id)
         order by opened.session_id, opened.seq desc
         on conflict do nothing`,
        [sessionId ?? null],
      )
    },
    async claim({ leaseMs }) {
      const { rows } = await pool.query<FollowedChange>(
        `update followed set looks = looks + 1, due_at = clock_timestamp() + $1 * interval '1 ms'
         where session_id = (
           select session_id from followed where ended_at is null and due_at <= clock_timestamp()
           order by due_at limit 1 for update skip locked)
         returning session_id as "sessionId", owner_id as "ownerId", provider, slug, number, opened_at as "openedAt", looks`,
        [leaseMs],
      )
      return rows[0] ?? null
    },
    async postpone({ sessionId, looks }, { afterMs, problem }) {
      // Whoever was nudged while this one looked is due already, and stays so.
      await pool.query(
        `update followed set problem = $4, due_at = case when looks = $2 and due_at > clock_timestamp()
           then clock_timestamp() + $3 * interval '1 ms' else due_at end where session_id = $1`,
        [sessionId, looks, afterMs, problem],
      )
    },
    async end({ sessionId }) {
      await pool.query('update followed set ended_at = clock_timestamp(), problem = null where session_id = $1', [sessionId])
    },
    async nudge({ provider, slug, number }) {
      const { rowCount } = await pool.query(
        `update followed set due_at = clock_timestamp(), ended_at = null
         where provider = $1 and lower(slug) = lower($2) and ($3::integer is null and ended_at is null or number = $3)`,
        [provider, slug, number],
      )
      return rowCount ?? 0
    },
    async nudgeSession(sessionId) {
      await pool.query('update followed set due_at = clock_timestamp() where session_id = $1 and ended_at is null', [sessionId])
    },
  }
}
