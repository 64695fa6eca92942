import { connect } from 'node:net'
import { readFile } from 'node:fs/promises'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { databaseTrouble } from './database-trouble.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

test('a server that is not there is away, whether by port or by socket', async () => {
  for (const host of ['127.0.0.1', '/nonexistent']) {
    const pool = new Pool({ host, port: 1 })
    expect(databaseTrouble(await failureOf(pool.query('select 1')))).toBe('away')
    await pool.end()
  }
})

test('a connection that the server ends under a query is away', async () => {
  const client = await db.database.connect()
  expect(databaseTrouble(await failureOf(client.query('select pg_terminate_backend(pg_backend_pid())')))).toBe('away')
  expect(databaseTrouble(await failureOf(client.query('select 1')))).toBe('away')
})

test('a full disk has a name of its own', async () => {
  const full = db.database.pool.query(`do $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`)
  expect(databaseTrouble(await failureOf(full))).toBe('disk-full')
})

test('a wrong query, a missing file and a bug are no trouble of the database', async () => {
  const errors = [
    await failureOf(db.database.pool.query('select nothing_like_this')),
    await failureOf(readFile('/nonexistent')),
    new TypeError('a bug'),
    'a word',
  ]
  expect(errors.map(databaseTrouble)).toEqual([null, null, null, null])
})

test('a socket that hangs up is away', async () => {
  const socket = connect('/nonexistent/socket')
  const error = await new Promise((resolve) => socket.once('error', resolve))
  expect(databaseTrouble(error)).toBe('away')
})
