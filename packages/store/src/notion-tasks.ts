// Pages of Notion that became sessions: the claim, how far the log was told, which comments were dealt with.

import type { Pool } from 'pg'
import type { Queryable } from './person-store.ts'
import { storableJson, storableText } from './storable-text.ts'

export interface NotionTask {
  sessionId: string
  ownerId: string
  dataSourceId: string
  pageId: string
  round: number
  url: string
  title: string
  toldSeq: number
  state: string | null
  seenComments: string[]
  problem: string | null
  writtenAt: string | null
  claimedAt: string
}

const columns = `session_id as "sessionId", owner_id as "ownerId", data_source_id as "dataSourceId", page_id as "pageId", round, url, title,
  told_seq as "toldSeq", state, seen_comments as "seenComments", problem, written_at as "writtenAt", claimed_at as "claimedAt"`

/** The newest session of the page; null: it never was one of this owner's. */
export async function latestNotionTask(database: Queryable, input: { ownerId: string; pageId: string }): Promise<NotionTask | null> {
  const { rows } = await database.query<NotionTask>(
    `select ${columns} from notion_tasks where owner_id = $1 and page_id = $2 order by round desc limit 1`,
    [input.ownerId, input.pageId],
  )
  return rows[0] ?? null
}

/** The page that a session came from; null: from none. */
export async function notionTaskOf(database: Queryable, sessionId: string): Promise<NotionTask | null> {
  return (await database.query<NotionTask>(`select ${columns} from notion_tasks where session_id = $1`, [sessionId])).rows[0] ?? null
}

/** False: somebody else has claimed this round of the page. */
export async function claimNotionTask(
  database: Queryable,
  task: Pick<NotionTask, 'sessionId' | 'ownerId' | 'dataSourceId' | 'pageId' | 'round' | 'url' | 'title' | 'seenComments'>,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into notion_tasks (session_id, owner_id, data_source_id, page_id, round, url, title, seen_comments)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [task.sessionId, task.ownerId, task.dataSourceId, task.pageId, task.round, task.url, storableText(task.title), task.seenComments],
  )
  return rowCount === 1
}

/** Sessions whose log has grown since it was last told, the longest waiting first. */
export async function untoldNotionTasks(database: Queryable, limit: number): Promise<NotionTask[]> {
  const { rows } = await database.query<NotionTask>(
    `select ${columns} from notion_tasks t where problem is null
       and exists (select from sessions s where s.id = t.session_id and s.head > t.told_seq) order by claimed_at limit $1`,
    [limit],
  )
  return rows
}

/** Puts the write into the outbox and moves the cursor, both or neither; a write that is there already stays as it is. */
export async function tellNotion(
  pool: Pool,
  input: { task: NotionTask; toldSeq: number; write: { key: string; payload: unknown } | null },
): Promise<void> {
  const { task, toldSeq, write } = input
  await pool.query(
    `with told as (update notion_tasks set told_seq = greatest(told_seq, $2) where session_id = $1)
     insert into outbox (key, owner_id, session_id, kind, payload)
     select $3, $4, $1, 'notion', $5::json where $3::text is not null on conflict do nothing`,
    [task.sessionId, toldSeq, write?.key ?? null, task.ownerId, write === null ? null : storableJson(write.payload).json],
  )
}

/** Whether an earlier write of the session has neither been made nor been given up. */
export async function hasEarlierNotionWrite(database: Queryable, input: { sessionId: string; seq: number }): Promise<boolean> {
  const { rowCount } = await database.query(
    `select from outbox where session_id = $1 and kind = 'notion' and done_at is null and given_up_at is null and (payload ->> 'seq')::integer < $2 limit 1`,
    [input.sessionId, input.seq],
  )
  return (rowCount ?? 0) > 0
}

/** The page was written to, and shows this state as far as it was written by us. */
export async function noteNotionState(database: Queryable, input: { sessionId: string; state: string | null }): Promise<void> {
  await database.query('update notion_tasks set state = $2, written_at = clock_timestamp() where session_id = $1', [
    input.sessionId,
    input.state,
  ])
}

/** Nothing more is written; the session itself goes on. */
export async function noteNotionProblem(database: Queryable, input: { sessionId: string; problem: string | null }): Promise<void> {
  await database.query('update notion_tasks set problem = $2 where session_id = $1', [input.sessionId, input.problem])
}

/** Tasks whose comments are due, for one process; due again after so many milliseconds. Old ones are left alone. */
export async function claimNotionComments(database: Queryable, input: { limit: number; againInMs: number }): Promise<NotionTask[]> {
  const { rows } = await database.query<NotionTask>(
    `update notion_tasks set comments_due_at = clock_timestamp() + $2 * interval '1 ms'
     where session_id in (
       select session_id from notion_tasks
       where problem is null and comments_due_at <= clock_timestamp() and claimed_at > clock_timestamp() - interval '30 days'
       order by comments_due_at limit $1 for update skip locked)
     returning ${columns}`,
    [input.limit, input.againInMs],
  )
  return rows
}

export async function noteNotionComments(database: Queryable, input: { sessionId: string; seen: string[] }): Promise<void> {
  await database.query(
    `update notion_tasks set seen_comments = array(select distinct unnest(seen_comments || $2::text[])) where session_id = $1`,
    [input.sessionId, input.seen],
  )
}

/** The newest session of each of these pages. */
export async function notionSessionsOf(database: Queryable, pageIds: string[]): Promise<Map<string, string>> {
  const { rows } = await database.query<{ pageId: string; sessionId: string }>(
    `select distinct on (page_id) page_id as "pageId", session_id as "sessionId" from notion_tasks where page_id = any($1) order by page_id, round desc`,
    [pageIds],
  )
  return new Map(rows.map(({ pageId, sessionId }) => [pageId, sessionId]))
}

/** Why the write that comes next has not been made; null: nothing waits, or it was not tried yet. */
export async function waitingNotionWrite(database: Queryable, sessionId: string): Promise<string | null> {
  const { rows } = await database.query<{ error: string | null }>(
    `select last_error as error from outbox where session_id = $1 and kind = 'notion' and done_at is null and given_up_at is null order by created_at limit 1`,
    [sessionId],
  )
  return rows[0]?.error ?? null
}
