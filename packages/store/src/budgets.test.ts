import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createBudgets, type StoredBudgets } from './budgets.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let budgets: StoredBudgets

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  budgets = createBudgets(testDatabase.database.pool)
})
beforeEach(() => testDatabase.database.pool.query('truncate budgets, budget_entries'))
afterAll(() => testDatabase.close())

const reserve = (micros: number, callId: string = randomUUID(), ownerId = 'alice') =>
  budgets.reserve({ callId, sessionId: 's', ownerId, micros })
const limit = (limitMicros: number | null, scope: 'owner' | 'installation' = 'owner', period: 'day' | 'month' | 'total' = 'day') =>
  budgets.setLimit({ scope, scopeId: scope === 'owner' ? 'alice' : 'installation', period, limitMicros })
const spent = async () => (await budgets.list()).map((budget) => budget.spentMicros)

test('without a limit everything may be reserved', async () => {
  expect(await reserve(10 ** 12)).toEqual({ ok: true })
})

test('a reservation that does not fit is refused with what is left to know', async () => {
  await limit(100)
  expect(await reserve(60)).toEqual({ ok: true })
  expect(await reserve(41)).toEqual({ ok: false, budget: 'owner per day', limitMicros: 100, spentMicros: 60 })
  expect(await reserve(40)).toEqual({ ok: true })
})

test('of fifty reservations at once exactly as many pass as fit', async () => {
  await limit(1_000)
  await limit(5_000, 'installation', 'month')
  const results = await Promise.all(Array.from({ length: 50 }, () => reserve(90)))
  expect(results.filter((result) => result.ok)).toHaveLength(11)
  expect(await spent()).toEqual([990, 990])
})

test('every limit that applies counts, and others do not', async () => {
  await limit(1_000)
  await limit(100, 'installation', 'total')
  await budgets.setLimit({ scope: 'owner', scopeId: 'bob', period: 'day', limitMicros: 0 })
  expect(await reserve(80)).toEqual({ ok: true })
  expect(await reserve(80)).toEqual({ ok: false, budget: 'installation in total', limitMicros: 100, spentMicros: 80 })
  expect(await reserve(1, randomUUID(), 'bob')).toMatchObject({ ok: false, budget: 'owner per day' })
})

test('the same call is reserved once, also when asked at the same time', async () => {
  await limit(100)
  const results = await Promise.all(Array.from({ length: 5 }, () => reserve(60, 'call')))
  expect(results).toEqual(Array(5).fill({ ok: true }))
  expect(await spent()).toEqual([60])
})

test('settling replaces the reservation by the real cost, once', async () => {
  await limit(100)
  await reserve(90, 'call')
  await Promise.all([1, 2, 3].map(() => budgets.settle({ callId: 'call', spentMicros: 20 })))
  await budgets.settle({ callId: 'call', spentMicros: 99 })
  await budgets.settle({ callId: 'never reserved', spentMicros: 99 })
  expect(await spent()).toEqual([20])
  expect(await reserve(80)).toEqual({ ok: true })
})

test('a limit set later counts what was spent in its period', async () => {
  await reserve(70, 'call')
  await budgets.settle({ callId: 'call', spentMicros: 30 })
  await testDatabase.database.pool.query(
    `insert into budget_entries values ('old', 's', 'alice', 500, true, '2020-01-01'), ('foreign', 's', 'bob', 500, true, clock_timestamp())`,
  )
  await limit(100)
  await limit(1_000, 'owner', 'total')
  expect(await spent()).toEqual([30, 530])
  await limit(20)
  expect(await reserve(1)).toMatchObject({ ok: false, limitMicros: 20, spentMicros: 30 })
  await limit(null)
  expect(await reserve(1)).toEqual({ ok: true })
})

test('a new day starts at zero, and settling a call of the day before does not touch it', async () => {
  await limit(100)
  await reserve(100, 'yesterday')
  await testDatabase.database.pool.query(`update budget_entries set at = at - interval '1 day'`)
  await testDatabase.database.pool.query(`update budgets set period_start = period_start - interval '1 day'`)
  expect(await spent()).toEqual([0])
  expect(await reserve(90, 'today')).toEqual({ ok: true })
  await budgets.settle({ callId: 'yesterday', spentMicros: 10 })
  expect(await spent()).toEqual([90])
})
