// Lists of a person's sessions by what they need from them, with what a card shows.

import type { ChangeRequestOpened, ChecksReported, HumanAsked, Outcome } from '@slipway/core/events'
import type { Queryable } from './person-store.ts'
import type { SessionStatus } from './session-projection.ts'

/** needs-you: waits for a person. in-review: at rest, with a change request. done: at rest without one. */
export type Need = 'needs-you' | 'running' | 'in-review' | 'done'

export interface SessionCard {
  id: string
  title: string
  repositoryUrl: string
  status: SessionStatus
  outcome: Outcome | null
  openAsks: string[]
  costMicros: number
  head: number
  createdAt: string
  updatedAt: string
  need: Need
  isArchived: boolean
  changeRequest: ChangeRequestOpened | null
  checks: ChecksReported | null
  /** The newest question, when one is open. */
  ask: HumanAsked | null
}

export interface CardFilter {
  ownerId: string
  limit: number
  /** Id of the last session of the page before. */
  before?: string | null
  need?: Need | null
  status?: SessionStatus | null
  repositoryUrl?: string | null
  isArchived?: boolean
  /** Only these. */
  ids?: string[] | null
}

const newest = (type: string): string => `(select body from events where session_id = s.id and type = '${type}' order by seq desc limit 1)`

const cards = `select s.id, s.title, s.repository_url as "repositoryUrl", s.status, s.outcome, s.open_asks as "openAsks",
  s.cost_micros as "costMicros", s.head, s.created_at as "createdAt", s.updated_at as "updatedAt", s.owner_id,
  marks.archived_at is not null as "isArchived",
  case when s.status = 'running' then 'running' when s.status = 'waiting' then 'needs-you'
    when exists (select from events where session_id = s.id and type = 'change-request-opened') then 'in-review' else 'done' end as need
  from sessions s left join session_marks marks on marks.session_id = s.id and marks.owner_id = $1
  where s.owner_id = $1`

/** Newest first. */
export async function listCards(pool: Queryable, filter: CardFilter): Promise<SessionCard[]> {
  const { rows } = await pool.query<SessionCard>(
    `select s.id, title, "repositoryUrl", status, outcome, "openAsks", "costMicros", head, "createdAt", "updatedAt", need, "isArchived",
       ${newest('change-request-opened')} as "changeRequest", ${newest('checks-reported')} as checks,
       case when cardinality("openAsks") > 0 then ${newest('human-asked')} end as ask
     from (${cards}) s
     where ($2::text is null or need = $2) and ($3::text is null or "repositoryUrl" = $3) and "isArchived" = $4
       and ($5::text is null or ("createdAt", id) < (select created_at, id from sessions where id = $5))
       and ($6::text[] is null or id = any($6)) and ($8::text is null or status = $8)
     order by "createdAt" desc, id desc limit $7`,
    [
      filter.ownerId,
      filter.need ?? null,
      filter.repositoryUrl ?? null,
      filter.isArchived ?? false,
      filter.before ?? null,
      filter.ids ?? null,
      filter.limit,
      filter.status ?? null,
    ],
  )
  return rows
}

/** How many sessions of each need there are, archived ones left out. */
export async function countNeeds(pool: Queryable, ownerId: string): Promise<Record<Need, number>> {
  const { rows } = await pool.query<{ need: Need; count: number }>(
    `select need, count(*)::int as count from (${cards}) s where not "isArchived" group by need`,
    [ownerId],
  )
  const counts: Record<Need, number> = { 'needs-you': 0, running: 0, 'in-review': 0, done: 0 }
  for (const { need, count } of rows) counts[need] = count
  return counts
}

/** Puts a session away, or back. */
export async function setArchived(pool: Queryable, input: { ownerId: string; sessionId: string; isArchived: boolean }): Promise<void> {
  await pool.query(
    `insert into session_marks (owner_id, session_id, archived_at) values ($1, $2, case when $3 then clock_timestamp() end)
     on conflict (owner_id, session_id) do update set archived_at = excluded.archived_at`,
    [input.ownerId, input.sessionId, input.isArchived],
  )
}

/** Whether the person has put the session away. */
export async function isArchived(pool: Queryable, input: { ownerId: string; sessionId: string }): Promise<boolean> {
  const { rows } = await pool.query('select from session_marks where owner_id = $1 and session_id = $2 and archived_at is not null', [
    input.ownerId,
    input.sessionId,
  ])
  return rows.length > 0
}

/** Repositories that the person worked on, the latest first. */
export async function recentRepositories(
  pool: Queryable,
  input: { ownerId: string; limit: number },
): Promise<{ repositoryUrl: string; sessions: number; usedAt: string }[]> {
  const { rows } = await pool.query<{ repositoryUrl: string; sessions: number; usedAt: string }>(
    `select repository_url as "repositoryUrl", count(*)::int as sessions, max(created_at) as "usedAt" from sessions
     where owner_id = $1 group by repository_url order by max(created_at) desc limit $2`,
    [input.ownerId, input.limit],
  )
  return rows
}
