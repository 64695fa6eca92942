import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('a connection that breaks while it is lent out and silent ends nothing but itself', async () => {
  const { pool } = db.database
  const client = await pool.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note)
  await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  await expect
    .poll(() =>
      client.query('select 1').then(
        () => 'well',
        () => 'broken',
      ),
    )
    .toBe('broken')
  await delay(20)
  process.off('uncaughtException', note)
  client.release(true)
  expect(uncaught).toEqual([])
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})
