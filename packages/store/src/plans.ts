// Plans as people see and change them. Every change says which version it was made on.

import type { Queryable } from './person-store.ts'
import { isPossibleId, storableJson, storableText } from './storable-text.ts'

export interface PlanRow {
  id: string
  ownerId: string
  personId: string
  title: string
  idea: string
  source: 'chat' | 'cli' | 'api' | 'notion'
  pageId: string | null
  pageUrl: string | null
  request: unknown
  thinker: unknown
  codeModel: string
  requirements: unknown
  tasks: unknown
  version: number
  asked: 'requirements' | 'tasks' | null
  round: number
  wish: string | null
  problem: string | null
  fence: number
  newRepository: unknown
  repositoryAsked: string | null
  repositoryProblem: string | null
  dataSourceId: string | null
  droppedAt: string | null
  createdAt: string
  updatedAt: string
}

export const planColumns = `id, owner_id as "ownerId", person_id as "personId", title, idea, source, page_id as "pageId", page_url as "pageUrl", request,
  thinker, code_model as "codeModel", requirements, tasks, version, asked, round, wish, problem, fence, new_repository as "newRepository",
  repository_asked as "repositoryAsked", repository_problem as "repositoryProblem", data_source_id as "dataSourceId",
  dropped_at as "droppedAt", created_at as "createdAt", updated_at as "updatedAt"`

export type NewPlan = Pick<
  PlanRow,
  'id' | 'ownerId' | 'personId' | 'title' | 'idea' | 'source' | 'pageId' | 'pageUrl' | 'request' | 'thinker' | 'codeModel' | 'newRepository'
>

/** Stores the idea and asks the model for its requirements, both or neither. False: there is a plan with this id. */
export async function insertPlan(database: Queryable, plan: NewPlan): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into plans (id, owner_id, person_id, title, idea, source, page_id, page_url, request, thinker, code_model, new_repository, asked, round)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'requirements', 1) on conflict do nothing`,
    [
      plan.id,
      plan.ownerId,
      plan.personId,
      storableText(plan.title),
      storableText(plan.idea),
      plan.source,
      plan.pageId,
      plan.pageUrl,
      storableJson(plan.request).json,
      storableJson(plan.thinker).json,
      plan.codeModel,
      jsonOrNull(plan.newRepository),
    ],
  )
  return rowCount === 1
}

export async function getPlan(database: Queryable, id: string): Promise<PlanRow | null> {
  if (!isPossibleId(id)) return null
  return (await database.query<PlanRow>(`select ${planColumns} from plans where id = $1`, [id])).rows[0] ?? null
}

/** Newest first, those that were dropped left out. */
export async function listPlans(database: Queryable, limit: number): Promise<PlanRow[]> {
  const { rows } = await database.query<PlanRow>(
    `select ${planColumns} from plans where dropped_at is null order by created_at desc, id desc limit $1`,
    [limit],
  )
  return rows
}

export type PlanChange = Partial<
  Pick<PlanRow, 'title' | 'request' | 'thinker' | 'codeModel' | 'requirements' | 'tasks' | 'newRepository' | 'dataSourceId'>
>

const changeable: Record<keyof PlanChange, { column: string; isJson: boolean }> = {
  title: { column: 'title', isJson: false },
  request: { column: 'request', isJson: true },
  thinker: { column: 'thinker', isJson: true },
  codeModel: { column: 'code_model', isJson: false },
  requirements: { column: 'requirements', isJson: true },
  tasks: { column: 'tasks', isJson: true },
  newRepository: { column: 'new_repository', isJson: true },
  dataSourceId: { column: 'data_source_id', isJson: false },
}

/** False: it is not at this version any more, the model is at work on it, or it was dropped. */
export async function changePlan(database: Queryable, input: { id: string; version: number; change: PlanChange }): Promise<boolean> {
  const given = (Object.entries(input.change) as [keyof PlanChange, unknown][]).filter(([, value]) => value !== undefined)
  const sets = given.map(([name], index) => `${changeable[name].column} = $${index + 3}`)
  const values = given.map(([name, value]) =>
    changeable[name].isJson ? jsonOrNull(value) : value === null ? null : storableText(String(value)),
  )
  const { rowCount } = await database.query(
    `update plans set ${[...sets, 'version = version + 1', 'problem = null', 'updated_at = clock_timestamp()'].join(', ')}
     where id = $1 and version = $2 and asked is null and dropped_at is null`,
    [input.id, input.version, ...values],
  )
  return rowCount === 1
}

/** Asks the model for something, once more or for the first time. False: as for `changePlan`. */
export async function askForPlan(
  database: Queryable,
  input: { id: string; version: number; asked: NonNullable<PlanRow['asked']>; wish: string | null },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `update plans set asked = $3, wish = $4, round = round + 1, version = version + 1, problem = null, due_at = clock_timestamp(), updated_at = clock_timestamp()
     where id = $1 and version = $2 and asked is null and dropped_at is null`,
    [input.id, input.version, input.asked, input.wish === null ? null : storableText(input.wish)],
  )
  return rowCount === 1
}

/** Takes back what the model was asked for; an answer under way is not used. False: it was not asked for anything. */
export async function stopAsking(database: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `update plans set asked = null, problem = 'Stopped. Ask again when you want to go on.', version = version + 1, fence = fence + 1, updated_at = clock_timestamp()
     where id = $1 and asked is not null and dropped_at is null`,
    [id],
  )
  return rowCount === 1
}

/** Nothing more is started or written for it; what was started stays. */
export async function dropPlan(database: Queryable, id: string): Promise<void> {
  await database.query(
    'update plans set dropped_at = coalesce(dropped_at, clock_timestamp()), version = version + 1, fence = fence + 1, updated_at = clock_timestamp() where id = $1',
    [id],
  )
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : storableJson(value).json
}

export interface PlanWrite {
  key: string
  kind: string
  payload: unknown
}

/**
 * Changes the plan and puts what has to be written elsewhere into the outbox, both or neither. A write that was given up is tried
 * again, one that is there already stays as it is. False: as for `changePlan`.
 */
export async function changePlanAndWrite(
  database: Queryable,
  input: {
    id: string
    ownerId: string
    version: number
    set: { dataSourceId: string } | { repositoryAsked: string } | { newRepository: unknown }
    writes: PlanWrite[]
  },
): Promise<boolean> {
  const { set, writes } = input
  const [sets, value] =
    'dataSourceId' in set
      ? ['data_source_id = $4', set.dataSourceId]
      : 'repositoryAsked' in set
        ? ['repository_asked = $4, repository_problem = null', set.repositoryAsked]
        : ['new_repository = $4', jsonOrNull(set.newRepository)]
  const { rows } = await database.query<{ changed: number }>(
    `with changed as (
       update plans set ${sets}, version = version + 1, updated_at = clock_timestamp()
       where id = $1 and owner_id = $2 and version = $3 and asked is null and dropped_at is null returning owner_id),
     put as (
       ${putFrom('changed')})
     select count(*)::int as changed from changed`,
    [input.id, input.ownerId, input.version, value, storableJson(writes).json],
  )
  return rows[0]?.changed === 1
}

function putFrom(rows: string): string {
  return `insert into outbox (key, owner_id, session_id, kind, payload)
       select write ->> 'key', owner_id, null, write ->> 'kind', write -> 'payload' from ${rows}, json_array_elements($5::json) as write
       on conflict (key) do update set given_up_at = null, due_at = clock_timestamp() where outbox.given_up_at is not null`
}

/**
 * What became of the repository; the plan's tasks wait for it. `next` stays in the place of the proposal: what is left to be done
 * about the repository, together with the writes that do it; null: nothing.
 */
export async function notePlanRepository(
  database: Queryable,
  input: {
    id: string
    hash: string
    made: { repository: string; next: { asked: string } | null; writes: PlanWrite[] } | { problem: string }
  },
): Promise<void> {
  const { id, hash, made } = input
  if ('problem' in made)
    await database.query('update plans set repository_problem = $3, version = version + 1 where id = $1 and repository_asked = $2', [
      id,
      hash,
      storableText(made.problem),
    ])
  else
    await database.query(
      `with made as (
         update plans set request = (request::jsonb || jsonb_build_object('repository', $3::text, 'base', null))::json, new_repository = $4,
           repository_asked = null, repository_problem = null, version = version + 1, updated_at = clock_timestamp()
         where id = $1 and repository_asked = $2 and new_repository is not null returning id, owner_id),
       put as (
         ${putFrom('made')})
       update plan_tasks set due_at = clock_timestamp() from made where plan_id = made.id`,
      [id, hash, made.repository, jsonOrNull(made.next), storableJson(made.writes).json],
    )
}

/** What became of what was left to be done about the repository. Nothing is noted when something else was asked for since. */
export async function notePlanNext(database: Queryable, input: { id: string; next: { asked: string } }): Promise<void> {
  await database.query(
    `update plans set new_repository = $3, version = version + 1, updated_at = clock_timestamp()
     where id = $1 and new_repository ->> 'asked' = $2`,
    [input.id, input.next.asked, jsonOrNull(input.next)],
  )
}

/** Whether a row for a task with this title may stand in the database already, though nobody knows of it yet. */
export async function hasUntoldPlanRow(
  database: Queryable,
  input: { ownerId: string; dataSourceId: string; title: string },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `select from outbox where kind = 'plan-row' and owner_id = $1 and done_at is null and given_up_at is null
       and payload ->> 'dataSourceId' = $2 and payload ->> 'title' = $3 limit 1`,
    [input.ownerId, input.dataSourceId, input.title],
  )
  return (rowCount ?? 0) > 0
}
