import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ environment: { SLIPWAY_EGRESS_ALLOW: 'docs.example.org', SLIPWAY_SIGN_UP: 'example.org' } })
})
afterAll(() => api.close())

const overview = async () => (await api.call('GET', '/api/v1/admin/overview')).body

test('an empty installation is all zeros and says what is in force', async () => {
  const shown = await overview()
  expect(shown).toMatchObject({
    queue: { due: 0, oldestDueAt: null, oldestWaitingAt: null },
    workers: [],
    eventsLastHour: 0,
    openStreams: 0,
    cost: { todayMicros: 0, dailyBudgetMicros: null },
  })
  expect(shown.databaseBytes).toBeGreaterThan(1_000_000)
  expect(shown.policies).toContainEqual({ name: 'Hosts for the agent', value: 'docs.example.org', setting: 'SLIPWAY_EGRESS_ALLOW' })
  expect(shown.policies).toContainEqual({
    name: 'Who may sign in',
    value: 'who was invited, and addresses at example.org',
    setting: 'SLIPWAY_SIGN_UP',
  })
})

test('counts cover everybody’s sessions, workers are those with a lease that holds, and no title is told', async () => {
  const { store } = api.db
  const [due, driven] = [await api.db.create({ ownerId: 'ada' }), await api.db.create({ ownerId: 'grace' })]
  const { pool } = store.database
  await pool.query(`update sessions set title = 'quartz', lease_worker = null, lease_until = null where id = $1`, [due])
  await pool.query(`update sessions set wake_at = '2026-01-02T03:04:05Z' where id = $1`, [due])
  await pool.query(`update sessions set title = 'quartz', lease_worker = 'w1', lease_until = now() + interval '1 hour' where id = $1`, [
    driven,
  ])
  await store.budgets.setLimit({ scope: 'installation', scopeId: 'installation', period: 'day', limitMicros: 9_000_000 })
  await store.budgets.reserve({ callId: 'c1', sessionId: due, ownerId: 'ada', micros: 250_000 })
  const shown = await overview()
  expect(shown).toMatchObject({
    queue: { due: 1, oldestDueAt: '2026-01-02T03:04:05.000Z' },
    workers: [{ id: 'w1', sessions: 1 }],
    cost: { todayMicros: 250_000, dailyBudgetMicros: 9_000_000 },
  })
  expect(shown.sessions.reduce((sum: number, { sessions }: { sessions: number }) => sum + sessions, 0)).toBe(2)
  expect(JSON.stringify(shown)).not.toContain('quartz')
  await pool.query(`update sessions set lease_until = now() - interval '1 second' where id = $1`, [driven])
  expect((await overview()).workers).toEqual([])
})
