import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let deliveries: Deliveries

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  deliveries = createDeliveries(testDatabase.database.pool)
})
afterAll(() => testDatabase.close())

const delivery = (id: string) => ({ provider: 'github' as const, id, event: 'issues', body: `{"id":"${id}"}` })
const claim = (leaseMs: number) => deliveries.claim({ leaseMs, providers: ['github'] })
const rows = async (id: string) =>
  (await testDatabase.database.pool.query('select state, body, note from deliveries where id = $1', [id])).rows

test('of a hundred deliveries with one id, at once, one is taken', async () => {
  const taken = await Promise.all(Array.from({ length: 100 }, () => deliveries.accept(delivery('same'))))
  expect(taken.filter(Boolean)).toHaveLength(1)
  expect(await deliveries.accept({ ...delivery('same'), provider: 'gitlab' })).toBe(true)
})

test('is left to those who can deal with its sender', async () => {
  await deliveries.accept({ ...delivery('page'), provider: 'notion' })
  expect(await deliveries.claim({ leaseMs: 0, providers: ['gitlab', 'github'] })).not.toMatchObject({ id: 'page' })
  expect(await deliveries.claim({ leaseMs: 60_000, providers: ['notion'] })).toMatchObject({ id: 'page' })
})

test('each is claimed by one, is due again when its process dies, and says nothing then', async () => {
  await testDatabase.database.pool.query('delete from deliveries')
  await deliveries.accept(delivery('one'))
  const claims = await Promise.all(Array.from({ length: 8 }, () => claim(0)))
  const first = claims.find((claim) => claim !== null)
  expect(first).toMatchObject({ provider: 'github', id: 'one', event: 'issues', body: '{"id":"one"}' })
  const second = await claim(60_000)
  expect(second?.attempts).toBeGreaterThan(first?.attempts ?? 0)
  expect(await claim(60_000)).toBeNull()
  await deliveries.finish(first!, 'too late')
  expect(await rows('one')).toMatchObject([{ state: 'queued' }])
  await deliveries.finish(second!, 'a session began')
  expect(await rows('one')).toEqual([{ state: 'done', body: null, note: 'a session began' }])
  expect(await deliveries.accept(delivery('one'))).toBe(false)
})

test('what is postponed is due later, what is given up never', async () => {
  await deliveries.accept(delivery('two'))
  const claimed = await claim(60_000)
  await deliveries.postpone(claimed!, { afterMs: 60_000, note: 'busy' })
  expect(await claim(60_000)).toBeNull()
  await testDatabase.database.pool.query(`update deliveries set due_at = clock_timestamp() where id = 'two'`)
  const again = await claim(0)
  expect(again?.attempts).toBe(2)
  await deliveries.giveUp(again!, 'it cannot be read')
  expect(await claim(0)).toBeNull()
})
