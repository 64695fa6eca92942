import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { createStore, type Store } from './store.ts'
import { createSession } from './testing/events.ts'
import { makeClockSettable, setClockAhead } from './testing/settable-clock.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let database: Database
let store: Store

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  await makeClockSettable(testDatabase.database.pool)
  const opened = await openDatabase(testDatabase.location)
  if (!opened.ok) throw new Error(opened.message)
  database = opened.database
  store = createStore(database)
})
afterAll(async () => {
  await store.bus.close()
  await database.close()
  await testDatabase.close()
})

const hourMs = 3_600_000
const setAhead = (ms: number) => setClockAhead(database.pool, ms)

async function dueInSeconds(sessionId: string): Promise<number> {
  const { rows } = await database.pool.query<{ seconds: number }>(
    'select extract(epoch from wake_at - clock_timestamp())::float8 as seconds from sessions where id = $1',
    [sessionId],
  )
  return rows[0]?.seconds ?? Number.NaN
}

test('what waits goes on waiting for as long as before when the clock is set back, and a dead worker’s lease still ends', async () => {
  await setAhead(hourMs)
  expect(await store.leases.followClock()).toBe(0)
  const paused = await createSession(store.log, { wake: 'now' })
  const lease = await store.leases.claimSession({ sessionId: paused, workerId: 'a' })
  if (lease === null) throw new Error('not claimed')
  await store.leases.release(lease, { atHead: 1, wakeInMs: 300_000 })
  const abandoned = await createSession(store.log, { wake: 'now' })
  expect(await store.leases.claimSession({ sessionId: abandoned, workerId: 'dead', leaseMs: 1 })).not.toBeNull()

  await setAhead(0)
  expect(await dueInSeconds(paused)).toBeGreaterThan(3_600)
  expect(await store.leases.claim({ workerId: 'b' })).toBeNull()
  const told = await Promise.all([store.leases.followClock(), store.leases.followClock()])
  // One of two that look at once moves it.
  expect(told.toSorted((a, b) => a - b)[0]).toBe(0)
  expect(Math.max(...told)).toBeGreaterThan(3_500_000)
  expect(await dueInSeconds(paused)).toBeLessThan(301)
  expect(await dueInSeconds(paused)).toBeGreaterThan(200)
  // The step is known but for what passed since the time was last looked at.
  await expect.poll(() => store.leases.claim({ workerId: 'b' })).toMatchObject({ sessionId: abandoned })
})

test('a clock that is set forward makes due what waited, and a lease that ran out by it is lost', async () => {
  const held = await createSession(store.log, { wake: 'now' })
  const lease = await store.leases.claimSession({ sessionId: held, workerId: 'a' })
  if (lease === null) throw new Error('not claimed')
  await setAhead(hourMs)
  expect(await store.leases.followClock()).toBe(0)
  expect(await store.leases.heartbeat(lease)).toBe(false)
  expect(await store.leases.claimSession({ sessionId: held, workerId: 'b' })).toMatchObject({ fence: lease.fence + 1 })
})
