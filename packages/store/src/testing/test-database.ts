// A database of its own for each test file, on a real server: the embedded one, shared by all test processes that run
// at the same time, or the one that SLIPWAY_TEST_DATABASE_URL names.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { openDatabase, type Database } from '../database.ts'
import { startTimeOf } from '../embedded/process-identity.ts'

export interface TestDatabase {
  database: Database
  /** What another process needs to open the same database with `openDatabase`. */
  location: { home: string; databaseUrl: string | null; databaseName: string }
  /** Drops the database. */
  close(): Promise<void>
}

/** An empty, migrated database. Fails loudly when no server can be had. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const serverUrl = process.env['SLIPWAY_TEST_DATABASE_URL']
  const databaseName = `slipway_test_${process.pid}_${randomUUID().slice(0, 8)}`
  return serverUrl ? onServer(serverUrl, databaseName) : onEmbedded(databaseName)
}

async function onEmbedded(databaseName: string): Promise<TestDatabase> {
  const home = await sharedHome()
  const location = { home, databaseUrl: null, databaseName }
  // Held open until the end, so that the server stays while the test's own database is dropped.
  const holder = await openOrThrow({ home, databaseUrl: null, databaseName: 'holder' })
  await dropLeftovers(holder)
  const database = await openOrThrow(location)
  return {
    database,
    location,
    async close() {
      await database.close()
      await holder.pool.query(`drop database ${databaseName} with (force)`)
      await holder.close()
    },
  }
}

/** Databases of test processes that were killed. */
async function dropLeftovers(holder: Database): Promise<void> {
  const { rows } = await holder.pool.query<{ name: string }>(
    `select datname as name from pg_database where datname like 'slipway\\_test\\_%'`,
  )
  const left = rows.filter(({ name }) => startTimeOf(Number(name.split('_')[2])) === null)
  for (const { name } of left) await holder.pool.query(`drop database if exists ${name} with (force)`).catch(() => undefined)
}

async function onServer(serverUrl: string, databaseName: string): Promise<TestDatabase> {
  const url = new URL(serverUrl)
  url.pathname = `/${databaseName}`
  await runOn(serverUrl, `create database ${databaseName}`)
  const location = { home: '/nonexistent', databaseUrl: url.href, databaseName }
  const database = await openOrThrow(location)
  return {
    database,
    location,
    async close() {
      await database.close()
      await runOn(serverUrl, `drop database ${databaseName} with (force)`)
    },
  }
}

async function runOn(serverUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** One per user and checkout, so that checkouts with different servers do not meet. */
async function sharedHome(): Promise<string> {
  const key = `${process.getuid?.()} ${fileURLToPath(import.meta.url)}`
  const home = join(tmpdir(), `slipway-test-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`)
  await mkdir(home, { recursive: true, mode: 0o700 })
  return home
}

async function openOrThrow(options: Parameters<typeof openDatabase>[0]): Promise<Database> {
  const opened = await openDatabase(options)
  if (!opened.ok) throw new Error(`${opened.message}\n${opened.fix}`)
  return opened.database
}
