import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensurePersonRole } from './person-role.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
const plain = `plain_${process.pid}`
beforeAll(async () => {
  testDatabase = await openTestDatabase()
  await testDatabase.database.pool.query(`create role ${plain} nologin`)
})
afterAll(async () => {
  await testDatabase.database.pool.query(`drop role ${plain}`)
  await testDatabase.close()
})

test('a database user that may not make roles is told the two statements, and they are enough', async () => {
  const client = await testDatabase.database.connect()
  try {
    await client.query(`set role ${plain}`)
    const refused = await ensurePersonRole(client).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'role-missing', message: expect.stringContaining(plain) })
    const [, ...statements] = (refused as { fix: string }).fix.split('\n')
    expect(statements.map((line) => line.trim())).toEqual(['create role slipway_person nologin;', `grant slipway_person to ${plain};`])
    await testDatabase.database.pool.query(statements[1] ?? '')
    await ensurePersonRole(client)
  } finally {
    await client.end()
  }
})
