// What became of a plan's tasks: approved, started, written to Notion. What they are about stands in the plan.

import type { Queryable } from './person-store.ts'
import { storableText } from './storable-text.ts'

export interface PlanTaskRow {
  planId: string
  key: string
  ownerId: string
  approvedAt: string | null
  approvedBy: string | null
  isForced: boolean
  sessionId: string | null
  startedAt: string | null
  waitsFor: string | null
  pageId: string | null
  pageUrl: string | null
  pageProblem: string | null
  fence: number
}

const columns = `plan_id as "planId", key, owner_id as "ownerId", approved_at as "approvedAt", approved_by as "approvedBy", is_forced as "isForced",
  session_id as "sessionId", started_at as "startedAt", waits_for as "waitsFor", page_id as "pageId", page_url as "pageUrl",
  page_problem as "pageProblem", fence`

export async function tasksOfPlans(database: Queryable, planIds: string[]): Promise<PlanTaskRow[]> {
  return (await database.query<PlanTaskRow>(`select ${columns} from plan_tasks where plan_id = any($1) order by plan_id, key`, [planIds]))
    .rows
}

/** Approves these tasks of exactly this version. False: somebody changed the plan since. What is approved already stays so. */
export async function approvePlanTasks(
  database: Queryable,
  input: { planId: string; version: number; keys: string[]; by: string; isForced: boolean },
): Promise<boolean> {
  const { rows } = await database.query<{ changed: number }>(
    `with changed as (
       update plans set version = version + 1, updated_at = clock_timestamp()
       where id = $1 and version = $2 and asked is null and dropped_at is null returning id, owner_id),
     approved as (
       insert into plan_tasks (plan_id, owner_id, key, approved_at, approved_by, is_forced)
       select id, owner_id, key, clock_timestamp(), $4, $5 from changed, unnest($3::text[]) as key
       on conflict (plan_id, key) do update set
         approved_at = coalesce(plan_tasks.approved_at, excluded.approved_at), approved_by = coalesce(plan_tasks.approved_by, excluded.approved_by),
         is_forced = plan_tasks.is_forced or excluded.is_forced, due_at = clock_timestamp())
     select count(*)::int as changed from changed`,
    [input.planId, input.version, input.keys, input.by, input.isForced],
  )
  return rows[0]?.changed === 1
}

/** The task whose row this page is; null: of no plan. */
export async function planTaskOfPage(database: Queryable, input: { ownerId: string; pageId: string }): Promise<PlanTaskRow | null> {
  const { rows } = await database.query<PlanTaskRow>(`select ${columns} from plan_tasks where owner_id = $1 and page_id = $2`, [
    input.ownerId,
    input.pageId,
  ])
  return rows[0] ?? null
}

/** Approves it because its page says so. False: it was approved before, or its plan was dropped. */
export async function approvePlanTaskByPage(database: Queryable, { planId, key }: PlanTaskRow): Promise<boolean> {
  const { rowCount } = await database.query(
    `update plan_tasks set approved_at = clock_timestamp(), approved_by = 'notion', due_at = clock_timestamp()
     where plan_id = $1 and key = $2 and approved_at is null and exists (select from plans where id = $1 and dropped_at is null)`,
    [planId, key],
  )
  return rowCount === 1
}

/** Notes the page that was made for a task. */
export async function notePlanPage(
  database: Queryable,
  input: { planId: string; key: string; ownerId: string; page: { id: string; url: string } | null; problem: string | null },
): Promise<void> {
  await database.query(
    `insert into plan_tasks (plan_id, key, owner_id, page_id, page_url, page_problem) values ($1, $2, $3, $4, $5, $6)
     on conflict (plan_id, key) do update set page_id = coalesce(excluded.page_id, plan_tasks.page_id),
       page_url = coalesce(excluded.page_url, plan_tasks.page_url), page_problem = excluded.page_problem`,
    [input.planId, input.key, input.ownerId, input.page?.id ?? null, input.page?.url ?? null, input.problem],
  )
}

/** An approved task that is due and has not started, for `leaseMs`; null: there is none. */
export async function claimPlanTask(database: Queryable, input: { leaseMs: number }): Promise<PlanTaskRow | null> {
  const { rows } = await database.query<PlanTaskRow>(
    `update plan_tasks set fence = fence + 1, due_at = clock_timestamp() + $1 * interval '1 ms'
     where (plan_id, key) = (
       select t.plan_id, t.key from plan_tasks t join plans p on p.id = t.plan_id
       where t.session_id is null and t.approved_at is not null and t.due_at <= clock_timestamp() and p.dropped_at is null
       order by t.due_at limit 1 for update of t skip locked)
     returning ${columns}`,
    [input.leaseMs],
  )
  return rows[0] ?? null
}

export async function notePlanTaskStarted(database: Queryable, { planId, key }: PlanTaskRow, sessionId: string): Promise<void> {
  await database.query(
    'update plan_tasks set session_id = $3, started_at = clock_timestamp(), waits_for = null where plan_id = $1 and key = $2 and session_id is null',
    [planId, key, sessionId],
  )
}

/** Why it has not started, and when to look again. */
export async function postponePlanTask(
  database: Queryable,
  { planId, key, fence }: PlanTaskRow,
  input: { waitsFor: string; afterMs: number },
): Promise<void> {
  await database.query(
    `update plan_tasks set waits_for = $4, due_at = clock_timestamp() + $5 * interval '1 ms' where plan_id = $1 and key = $2 and fence = $3 and session_id is null`,
    [planId, key, fence, storableText(input.waitsFor), input.afterMs],
  )
}

/** Tasks of other plans wait for nothing of this session; those of its own are looked at now. */
export async function hurryPlanTasks(database: Queryable, sessionId: string): Promise<void> {
  await database.query(
    `update plan_tasks set due_at = clock_timestamp() where session_id is null and approved_at is not null
       and plan_id = (select plan_id from plan_tasks where session_id = $1 limit 1)`,
    [sessionId],
  )
}

/** A task whose row in a database that is no queue is due to be looked at, for one process; due again after so many milliseconds. */
export async function claimPlanPage(database: Queryable, againInMs: number): Promise<PlanTaskRow | null> {
  const { rows } = await database.query<PlanTaskRow>(
    `update plan_tasks set due_at = clock_timestamp() + $1 * interval '1 ms'
     where (plan_id, key) = (
       select t.plan_id, t.key from plan_tasks t join plans p on p.id = t.plan_id
       join notion_databases d on d.owner_id = p.owner_id and d.data_source_id = p.data_source_id and not d.is_queue
       where t.approved_at is null and t.page_id is not null and t.page_problem is null and t.due_at <= clock_timestamp() and p.dropped_at is null
         and p.created_at > clock_timestamp() - interval '90 days'
       order by t.due_at limit 1 for update of t skip locked)
     returning ${columns}`,
    [againInMs],
  )
  return rows[0] ?? null
}
