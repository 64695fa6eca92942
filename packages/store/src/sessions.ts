// Reads the sessions' rows: lists, single sessions, and short ids as people type them.

import type { Outcome } from '@slipway/core/events'
import type { Pool } from 'pg'
import type { SessionStatus } from './session-projection.ts'
import { isPossibleId } from './storable-text.ts'

export interface SessionRow {
  id: string
  ownerId: string
  title: string
  repositoryUrl: string
  status: SessionStatus
  outcome: Outcome | null
  /** Ids of the questions that wait for a person. */
  openAsks: string[]
  costMicros: number
  head: number
  createdAt: string
  updatedAt: string
  wakeAt: string | null
  /** The worker that drives it now, by the database's clock. */
  workerId: string | null
}

export interface Sessions {
  get(id: string): Promise<SessionRow | null>
  /** Those of these that there are, in no order. */
  some(ids: string[]): Promise<SessionRow[]>
  /** Newest first. `before` is the id of the last session of the page before; `ownerId` null: everybody's. */
  list(input: { ownerId: string | null; limit: number; before?: string | null; status?: SessionStatus | null }): Promise<SessionRow[]>
  /** Sessions whose id starts so, newest first, at most `limit` (default 10). */
  searchPrefix(idPrefix: string, limit?: number): Promise<SessionRow[]>
}

const columns = `id, owner_id as "ownerId", title, repository_url as "repositoryUrl", status, outcome, open_asks as "openAsks",
  cost_micros as "costMicros", head, created_at as "createdAt", updated_at as "updatedAt", wake_at as "wakeAt",
  case when lease_until > clock_timestamp() then lease_worker end as "workerId"`

export function createSessions(pool: Pool): Sessions {
  return {
    async get(id) {
      if (!isPossibleId(id)) return null
      const { rows } = await pool.query<SessionRow>(`select ${columns} from sessions where id = $1`, [id])
      return rows[0] ?? null
    },
    async some(ids) {
      return (await pool.query<SessionRow>(`select ${columns} from sessions where id = any($1)`, [ids])).rows
    },
    async list({ ownerId, limit, before = null, status = null }) {
      const { rows } = await pool.query<SessionRow>(
        `select ${columns} from sessions
         where ($1::text is null or owner_id = $1) and ($3::text is null or status = $3)
           and ($4::text is null or (created_at, id) < (select created_at, id from sessions where id = $4))
         order by created_at desc, id desc limit $2`,
        [ownerId, limit, status, before],
      )
      return rows
    },
    async searchPrefix(idPrefix, limit = 10) {
      if (!isPossibleId(idPrefix)) return []
      const pattern = `${idPrefix.replace(/[\\%_]/g, '\\$&')}%`
      const { rows } = await pool.query<SessionRow>(
        `select ${columns} from sessions where id like $1 order by created_at desc, id desc limit $2`,
        [pattern, limit],
      )
      return rows
    },
  }
}
