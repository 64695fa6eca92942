import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSchedules, type DueTick, type Schedules } from './schedules.ts'
import { createStore, type Store } from './store.ts'
import { createSession } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let store: Store
const open: Schedules[] = []

beforeEach(async () => {
  testDatabase = await openTestDatabase()
  store = createStore(testDatabase.database)
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((schedules) => schedules.close()))
  await store.bus.close()
  await testDatabase.close()
})

async function openServer(onDue: (tick: DueTick) => Promise<void>): Promise<Schedules> {
  const schedules = await openSchedules({
    database: testDatabase.database,
    onDue,
    onError: (error) => {
      throw error
    },
    lookEverySeconds: { schedule: 1, tick: 1 },
  })
  open.push(schedules)
  return schedules
}

const everyMinute = { key: 'nightly/tidy', cron: '* * * * *', timeZone: 'Europe/Vienna', data: { task: 'tidy up', zebra: 1 } }

test('a schedule is kept, replaced and removed', async () => {
  const schedules = await openServer(async () => undefined)
  expect(await schedules.set({ ...everyMinute, cron: '0 3 * * 1-5' })).toEqual({ ok: true })
  expect(await schedules.set({ ...everyMinute, cron: '30 4 1 1 *' })).toEqual({ ok: true })
  expect(await schedules.list()).toEqual([{ ...everyMinute, cron: '30 4 1 1 *' }])
  await schedules.remove(everyMinute.key)
  expect(await schedules.list()).toEqual([])
})

test('a schedule that cannot be used is refused with the reason', async () => {
  const schedules = await openServer(async () => undefined)
  expect(await schedules.set({ ...everyMinute, cron: '61 * * * *' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('61 * * * *'),
  })
  expect(await schedules.set({ ...everyMinute, cron: '* * * * * *' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('five fields'),
  })
  expect(await schedules.set({ ...everyMinute, timeZone: 'Europe/Atlantis' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('Europe/Atlantis'),
  })
  expect(await schedules.set({ ...everyMinute, key: 'no spaces' })).toMatchObject({
    ok: false,
    message: expect.stringContaining('no spaces'),
  })
  expect(await schedules.list()).toEqual([])
})

test('a tick creates one session, with several servers and after a failed delivery', async () => {
  const ticks: DueTick[] = []
  let failures = 0
  const onDue = async (tick: DueTick) => {
    await createSession(store.log, { id: tick.tickId, title: String(tick.data['task']) }).catch(() => undefined)
    ticks.push(tick)
    if (failures++ === 0) throw new Error('the server died after creating the session')
  }
  const [first] = await Promise.all([openServer(onDue), openServer(onDue), openServer(onDue)])
  const {
    rows: [clock],
  } = await testDatabase.database.pool.query<{ now: string }>('select clock_timestamp() as now')
  const startedAt = clock?.now
  await first.set(everyMinute)
  await expect.poll(() => ticks.length).toBeGreaterThan(0)
  const hurried = async () => {
    await testDatabase.database.pool.query(`update pgboss.job set start_after = now() where name = 'routines' and state = 'retry'`)
    return ticks.length
  }
  await expect.poll(hurried).toBeGreaterThan(1)
  const sessions = await store.sessions.list({ ownerId: null, limit: 10 })
  expect(sessions.map(({ id }) => id).sort()).toEqual([...new Set(ticks.map((tick) => tick.tickId))].sort())
  expect(sessions[0]?.title).toBe('tidy up')
  // One per minute that began or ran meanwhile, however many servers looked at it.
  const { rows } = await testDatabase.database.pool.query<{ jobs: number; minutes: number }>(
    `select (select count(*) from pgboss.job where name = 'routines') as jobs,
       extract(epoch from date_trunc('minute', clock_timestamp()) - date_trunc('minute', $1::timestamptz))::int / 60 + 1 as minutes`,
    [startedAt],
  )
  expect(rows[0]?.jobs).toBeLessThanOrEqual(rows[0]?.minutes ?? 0)
})
