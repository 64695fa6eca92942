// Databases of Notion that people connected, and when each is looked at next.

import type { Queryable } from './person-store.ts'
import { storableJson, storableText } from './storable-text.ts'

export interface StoredNotionDatabase {
  ownerId: string
  dataSourceId: string
  databaseId: string
  personId: string
  title: string
  fields: unknown
  statuses: unknown
  defaults: unknown
  allowedPeople: string[]
  isQueue: boolean
  lookedAt: string | null
  problem: string | null
}

const columns = `owner_id as "ownerId", data_source_id as "dataSourceId", database_id as "databaseId", person_id as "personId", title, fields,
  statuses, defaults, allowed_people as "allowedPeople", is_queue as "isQueue", looked_at as "lookedAt", problem`

/** Those that `database` shows: a person's own through their store, everybody's through the pool. */
export async function listNotionDatabases(database: Queryable): Promise<StoredNotionDatabase[]> {
  return (await database.query<StoredNotionDatabase>(`select ${columns} from notion_databases order by created_at, data_source_id`)).rows
}

/** The database as its owner connected it; null: not connected. */
export async function getNotionDatabase(
  database: Queryable,
  { ownerId, dataSourceId }: { ownerId: string; dataSourceId: string },
): Promise<StoredNotionDatabase | null> {
  const { rows } = await database.query<StoredNotionDatabase>(
    `select ${columns} from notion_databases where owner_id = $1 and data_source_id = $2`,
    [ownerId, dataSourceId],
  )
  return rows[0] ?? null
}

/** Connects it, or changes how it is connected; it is due at once. */
export async function saveNotionDatabase(database: Queryable, input: Omit<StoredNotionDatabase, 'lookedAt' | 'problem'>): Promise<void> {
  await database.query(
    `insert into notion_databases (owner_id, data_source_id, database_id, person_id, title, fields, statuses, defaults, allowed_people, is_queue)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (owner_id, data_source_id) do update set
       person_id = excluded.person_id, title = excluded.title, fields = excluded.fields, statuses = excluded.statuses,
       defaults = excluded.defaults, allowed_people = excluded.allowed_people, is_queue = excluded.is_queue,
       due_at = clock_timestamp(), problem = null`,
    [
      input.ownerId,
      input.dataSourceId,
      input.databaseId,
      input.personId,
      storableText(input.title),
      storableJson(input.fields).json,
      storableJson(input.statuses).json,
      storableJson(input.defaults).json,
      input.allowedPeople,
      input.isQueue,
    ],
  )
}

/** False: it was not connected. Sessions that began from it stay. */
export async function removeNotionDatabase(database: Queryable, dataSourceId: string): Promise<boolean> {
  return (await database.query('delete from notion_databases where data_source_id = $1', [dataSourceId])).rowCount === 1
}

/** A queue that is due, for one process; it is due again after so many milliseconds. */
export async function claimNotionDatabase(database: Queryable, againInMs: number): Promise<StoredNotionDatabase | null> {
  const { rows } = await database.query<StoredNotionDatabase>(
    `update notion_databases set due_at = clock_timestamp() + $1 * interval '1 ms'
     where (owner_id, data_source_id) = (
       select owner_id, data_source_id from notion_databases where is_queue and due_at <= clock_timestamp()
       order by due_at limit 1 for update skip locked)
     returning ${columns}`,
    [againInMs],
  )
  return rows[0] ?? null
}

/** How the look went; `problem` is for people. `againInMs`: not before that, as Notion asked for. */
export async function noteNotionLook(
  database: Queryable,
  input: { ownerId: string; dataSourceId: string; problem: string | null; againInMs: number | null },
): Promise<void> {
  await database.query(
    `update notion_databases set looked_at = clock_timestamp(), problem = $3,
       due_at = greatest(due_at, clock_timestamp() + coalesce($4, 0) * interval '1 ms')
     where owner_id = $1 and data_source_id = $2`,
    [input.ownerId, input.dataSourceId, input.problem, input.againInMs],
  )
}

/** What it is called; null: not connected. `database` shows one owner's only. */
export async function notionDatabaseTitle(database: Queryable, dataSourceId: string): Promise<string | null> {
  const { rows } = await database.query<{ title: string }>('select title from notion_databases where data_source_id = $1 limit 1', [
    dataSourceId,
  ])
  return rows[0]?.title ?? null
}
