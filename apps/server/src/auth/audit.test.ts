import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { openAudit } from './audit.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

const entry = (subject: string) => ({ actorId: 'p1', action: 'key-made' as const, subject, details: { hint: 'abcd' } })

test('what was done is there in order, cannot be changed by the server’s user, and shows when it was changed by somebody stronger', async () => {
  const { pool } = db.store.database
  const audit = openAudit(pool, ['a key'])
  await Promise.all(['k1', 'k2', 'k3', 'k4'].map((subject) => audit.record(entry(subject))))
  const listed = await audit.list({ before: null, limit: 10 })
  expect(listed.map(({ seq }) => seq)).toEqual([4, 3, 2, 1])
  expect(await audit.list({ before: 2, limit: 10 })).toMatchObject([{ seq: 1, action: 'key-made' }])
  expect(await audit.firstBroken()).toBe(null)
  expect(await openAudit(pool, ['another key']).firstBroken()).toBe(1)
  // After a change of keys the rows of the old one still count.
  expect(await openAudit(pool, ['another key', 'a key']).firstBroken()).toBe(null)

  for (const text of ['update audit set action = $$x$$', 'delete from audit', 'truncate audit'])
    await expect(pool.query(text), text).rejects.toThrow('append-only')
  await pool.query('alter table audit disable trigger all')
  await pool.query(`update audit set subject = 'other' where seq = 3`)
  expect(await audit.firstBroken()).toBe(3)
  await pool.query(`delete from audit where seq = 2`)
  expect(await audit.firstBroken()).toBe(2)
})
