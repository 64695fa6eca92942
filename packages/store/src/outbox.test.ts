import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOutbox, type Outbox } from './outbox.ts'
import { openPersonStore } from './person-store.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let outbox: Outbox

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  outbox = createOutbox(testDatabase.database.pool)
})
afterAll(() => testDatabase.close())

const entry = (key: string, ownerId = 'alice') => ({ key, ownerId, sessionId: null, kind: 'comment', payload: { text: `for ${key}` } })
const comments = { kinds: ['comment'], leaseMs: 60_000 }

test('a key is one write, and one process makes it at a time', async () => {
  const put = await Promise.all(Array.from({ length: 8 }, () => outbox.put(entry('one'))))
  expect(put.filter(Boolean)).toHaveLength(1)
  expect(await outbox.claim({ ...comments, kinds: ['mail'] })).toBeNull()
  const claims = await Promise.all(Array.from({ length: 8 }, () => outbox.claim(comments)))
  expect(claims.filter((claim) => claim !== null)).toEqual([{ ...entry('one'), attempts: 1 }])
  await outbox.finish(claims.find((claim) => claim !== null)!, { id: 7 })
  expect(await outbox.put(entry('one'))).toBe(false)
  expect(await outbox.claim(comments)).toBeNull()
})

test('what a dead process had begun is begun again and says so; the dead one says nothing any more', async () => {
  await outbox.put(entry('two'))
  const dead = await outbox.claim({ ...comments, leaseMs: 0 })
  const next = await outbox.claim(comments)
  expect([dead?.attempts, next?.attempts]).toEqual([1, 2])
  await outbox.giveUp(dead!, 'late')
  await outbox.postpone(next!, { afterMs: 0, error: 'busy' })
  const last = await outbox.claim(comments)
  expect(last?.attempts).toBe(3)
  await outbox.giveUp(last!, 'refused')
  expect(await outbox.claim(comments)).toBeNull()
})

test('a write that cannot be looked up begins once, unless the try before is known to have done nothing', async () => {
  await outbox.put(entry('blind'))
  const dead = await outbox.claim({ ...comments, leaseMs: 0 })
  expect(await outbox.begin(dead!)).toBe(true)
  const next = await outbox.claim({ ...comments, leaseMs: 0 })
  expect([await outbox.begin(dead!), await outbox.begin(next!)]).toEqual([false, false])
  await outbox.postpone(next!, { afterMs: 0, error: 'busy' })
  const last = await outbox.claim(comments)
  expect(await outbox.begin(last!)).toBe(true)
  await outbox.finish(last!, null)
})

test('a person sees their own entries only, and nobody’s deliveries', async () => {
  await outbox.put(entry('of alice'))
  await outbox.put(entry('of bob', 'bob'))
  const bob = openPersonStore(testDatabase.database.pool, 'bob')
  expect((await bob.query<{ key: string }>('select key from outbox')).rows).toEqual([{ key: 'of bob' }])
  await expect(bob.query('select from deliveries')).rejects.toThrow('permission denied')
  await expect(bob.query('delete from outbox')).rejects.toThrow('permission denied')
})
