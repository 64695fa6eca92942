import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { migrationCount } from './testing/migration-count.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
beforeEach(async () => {
  testDatabase = await openTestDatabase()
})
afterEach(() => testDatabase.close())

async function emptyDatabase(client: Client): Promise<void> {
  await client.query('drop schema public cascade; drop schema auth cascade; create schema public')
}

test('many starts at once migrate an empty database once', async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, () => testDatabase.database.connect()))
  const [first] = clients
  if (first === undefined) throw new Error('no client')
  await emptyDatabase(first)
  await Promise.all(clients.map((client) => migrate(client)))
  const { rows } = await first.query<{ name: string }>('select name from schema_migrations order by name')
  expect(rows.slice(0, 2).map((row) => row.name)).toEqual(['0001_events_and_blobs.sql', '0002_sessions.sql'])
  expect(rows).toHaveLength(migrationCount)
  await Promise.all(clients.map((client) => client.end()))
})

test('a database that a newer version used is refused and left alone', async () => {
  await testDatabase.database.pool.query(`insert into schema_migrations values ('9999_future.sql')`)
  expect(await openDatabase(testDatabase.location)).toMatchObject({
    ok: false,
    cause: 'version-mismatch',
    message: expect.stringContaining('9999_future.sql'),
  })
})

test('a change that fails is undone whole, and the next start tries again', async () => {
  const client = await testDatabase.database.connect()
  await emptyDatabase(client)
  await client.query('create table budgets ()')
  await expect(migrate(client)).rejects.toMatchObject({
    code: 'migration-failed',
    message: expect.stringContaining('0003_budgets_and_effects.sql'),
  })
  await client.query('drop table budgets')
  await migrate(client)
  expect((await client.query('select from schema_migrations')).rowCount).toBe(migrationCount)
  await client.end()
})
