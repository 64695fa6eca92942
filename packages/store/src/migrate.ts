import { readFile, readdir } from 'node:fs/promises'
import type { Client } from 'pg'
import { DatabaseProblem } from './database-problem.ts'

const folder = new URL('./migrations/', import.meta.url)
/** Any number that nobody else uses on this database. */
const advisoryLock = 7_305_219_648_301
const lockTimeoutMs = 120_000

/**
 * Applies the numbered SQL files that this database has not seen, each in its own transaction.
 * Safe when many processes start at once: one applies, the others wait for it.
 */
export async function migrate(client: Client): Promise<void> {
  const names = await migrationNames()
  // Nearly every start finds them all there, and need not wait for others that start.
  if (await hasExactly(client, names)) return
  await client.query(`set lock_timeout = ${lockTimeoutMs}`)
  await client.query('select pg_advisory_lock($1)', [advisoryLock])
  try {
    await client.query(
      'create table if not exists schema_migrations (name text primary key, applied_at timestamptz not null default clock_timestamp())',
    )
    const { rows } = await client.query<{ name: string }>('select name from schema_migrations')
    const applied = new Set(rows.map((row) => row.name))
    refuseNewerSchema(applied, names)
    for (const name of names) {
      if (!applied.has(name)) await apply(client, name)
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [advisoryLock]).catch(() => undefined)
  }
}

/** Each name is committed together with what it stands for. */
async function hasExactly(client: Client, names: string[]): Promise<boolean> {
  try {
    const { rows } = await client.query<{ name: string }>('select name from schema_migrations order by name collate "C"')
    return rows.length === names.length && rows.every(({ name }, index) => name === names[index])
  } catch (error) {
    if ((error as { code?: string }).code === UNKNOWN_TABLE) return false
    throw error
  }
}

/** See the table in https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNKNOWN_TABLE = '42P01'

async function migrationNames(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{4}_.*\.sql$/.test(name)).sort()
}

function refuseNewerSchema(applied: Set<string>, known: string[]): void {
  const unknown = [...applied].filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new DatabaseProblem(
    'version-mismatch',
    `The database was used by a newer Slipway: this one does not know ${unknown.join(', ')}. Nothing was changed.`,
    'Update Slipway to the version that used this database last.',
  )
}

async function apply(client: Client, name: string): Promise<void> {
  const sql = await readFile(new URL(name, folder), 'utf8')
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into schema_migrations (name) values ($1)', [name])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => undefined)
    throw new DatabaseProblem(
      'migration-failed',
      `The database change ${name} failed and was undone: ${(cause as Error).message}`,
      'Check that the database user may create tables and functions, then start again.',
      { cause },
    )
  }
}
