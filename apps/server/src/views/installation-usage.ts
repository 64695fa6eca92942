// What all sessions of a person have cost, from the sessions' rows, and what their plans have.

import type { z } from 'zod'
import type { Queryable } from '@slipway/store/person-store'
import type { Store } from '@slipway/store/store'
import type { installationUsage } from '../contract/installation-routes.ts'

type Pool = Store['database']['pool']
type InstallationUsage = z.infer<(typeof installationUsage)['answer']>

const DAYS = 31

/** Totals over all time; days only for the last month. */
export async function readUsage(pool: Queryable, ownerId: string): Promise<InstallationUsage> {
  const byStatus = await pool.query<{ status: string; sessions: number; costMicros: number }>(
    `select status, count(*)::int as sessions, coalesce(sum(cost_micros), 0)::bigint as "costMicros" from sessions where owner_id = $1 group by status order by status`,
    [ownerId],
  )
  const byDay = await pool.query<{ day: string; sessions: number; costMicros: number }>(
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, sum(sessions)::int as sessions, sum(micros)::bigint as "costMicros" from (
       select created_at as at, 1 as sessions, cost_micros as micros from sessions where owner_id = $1
       union all select asked_at, 0, coalesce(cost_micros, 0) from plan_calls where owner_id = $1) spent
     where at > now() - $2 * interval '1 day' group by day order by day desc`,
    [ownerId, DAYS],
  )
  const plans = await pool.query<{ costMicros: number }>(
    `select coalesce(sum(cost_micros), 0)::bigint as "costMicros" from plan_calls where owner_id = $1`,
    [ownerId],
  )
  return {
    sessions: byStatus.rows.reduce((sum, row) => sum + row.sessions, 0),
    costMicros: byStatus.rows.reduce((sum, row) => sum + row.costMicros, plans.rows[0]?.costMicros ?? 0),
    byStatus: byStatus.rows.map(({ status, sessions }) => ({ status, sessions })),
    byDay: byDay.rows,
  }
}

/** Sessions of everybody by status, for the metrics. */
export async function countSessions(pool: Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ status: string; sessions: number }>(
    'select status, count(*)::int as sessions from sessions group by status',
  )
  return Object.fromEntries(rows.map(({ status, sessions }) => [status, sessions]))
}
