import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createBudgets } from './budgets.ts'
import { claimPlanTask, notePlanTaskStarted, postponePlanTask } from './plan-tasks.ts'
import { approvePlanTasks } from './plan-tasks.ts'
import { callsOfPlans, createPlanWork, type PlanWork } from './plan-work.ts'
import {
  askForPlan,
  changePlan,
  changePlanAndWrite,
  dropPlan,
  getPlan,
  insertPlan,
  notePlanNext,
  notePlanRepository,
  stopAsking,
} from './plans.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let work: PlanWork
const pool = () => testDatabase.database.pool

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  work = createPlanWork(pool())
})
beforeEach(async () => {
  await pool().query('truncate plans, plan_calls, plan_tasks, outbox, budgets, budget_entries cascade')
  await insertPlan(pool(), {
    id: 'p',
    ownerId: 'alice',
    personId: 'alice',
    title: 'x',
    idea: 'an idea',
    source: 'chat',
    pageId: null,
    pageUrl: null,
    request: { repository: null },
    thinker: {},
    codeModel: 'm',
    newRepository: { name: 'clock' },
  })
})
afterAll(() => testDatabase.close())

const claim = async (leaseMs = 60_000) => {
  const plan = await work.claim({ leaseMs })
  if (plan === null) throw new Error('nothing was due')
  return plan
}
const call = { callId: 'c', attempt: 1, model: 'm', reservedMicros: 9 }

test('of many processes one gets the plan, and another one after it has died', async () => {
  const claims = await Promise.all(Array.from({ length: 8 }, () => work.claim({ leaseMs: 60_000 })))
  expect(claims.filter((found) => found !== null)).toHaveLength(1)
  await pool().query('update plans set due_at = now()')
  expect(await claim()).toMatchObject({ id: 'p', asked: 'requirements' })
})

test('whoever lost the plan announces nothing, stores nothing and ends it no more', async () => {
  const first = await claim(0)
  await work.begin(first, call)
  const second = await claim()
  expect(await work.renew(first, 60_000)).toBe(false)
  expect(await work.begin(first, { ...call, callId: 'd' })).toBe(false)
  expect(await work.store(first, { callId: 'c', outcome: 'answered', costMicros: 3 }, { requirements: { goal: 'of the first' } })).toBe(
    false,
  )
  await work.fail(first, 'no')
  expect(await getPlan(pool(), 'p')).toMatchObject({ requirements: null, problem: null, asked: 'requirements' })
  expect(
    await work.store(second, { callId: 'none', outcome: 'answered', costMicros: 0 }, { requirements: { goal: 'of the second' } }),
  ).toBe(true)
  expect(await getPlan(pool(), 'p')).toMatchObject({ requirements: { goal: 'of the second' }, asked: null })
})

test('a call is paid once: as it ended first, whatever is said of it later', async () => {
  const budgets = createBudgets(pool())
  await budgets.setLimit({ scope: 'owner', scopeId: 'alice', period: 'total', limitMicros: 100 })
  const plan = await claim()
  await budgets.reserve({ callId: 'c', sessionId: 'p', ownerId: 'alice', micros: 9 })
  await work.begin(plan, call)
  await work.end({ callId: 'c', outcome: 'interrupted', costMicros: 9 })
  await work.end({ callId: 'c', outcome: 'answered', costMicros: 2 })
  expect(await budgets.list()).toMatchObject([{ spentMicros: 9 }])
  expect(await callsOfPlans(pool(), ['p'])).toMatchObject([{ outcome: 'interrupted', costMicros: 9 }])
})

test('a plan that is worked on takes no changes, and one that was stopped or dropped is not worked on', async () => {
  const change = { id: 'p', version: 1, change: { title: 'y' } }
  expect(await changePlan(pool(), change)).toBe(false)
  const plan = await claim(0)
  expect(await stopAsking(pool(), 'p')).toBe(true)
  expect(await work.store(plan, { callId: 'c', outcome: 'answered', costMicros: 0 }, { requirements: {} })).toBe(false)
  expect(await work.claim({ leaseMs: 0 })).toBe(null)
  expect(await changePlan(pool(), { ...change, version: 2 })).toBe(true)
  expect(await askForPlan(pool(), { id: 'p', version: 3, asked: 'tasks', wish: null })).toBe(true)
  await dropPlan(pool(), 'p')
  expect(await work.claim({ leaseMs: 0 })).toBe(null)
})

test('an approval fits one version, and each approved task is started by one process', async () => {
  await stopAsking(pool(), 'p')
  const approval = { planId: 'p', keys: ['t1'], by: 'alice', isForced: false }
  const answers = await Promise.all([1, 2, 2, 2].map((version) => approvePlanTasks(pool(), { ...approval, version })))
  expect(answers.filter(Boolean)).toHaveLength(1)
  const claims = await Promise.all(Array.from({ length: 6 }, () => claimPlanTask(pool(), { leaseMs: 60_000 })))
  const [row] = claims.filter((found) => found !== null)
  expect([claims.filter((found) => found !== null).length, row]).toMatchObject([1, { key: 't1', sessionId: null }])
  await notePlanTaskStarted(pool(), row!, 's1')
  await notePlanTaskStarted(pool(), row!, 's2')
  await postponePlanTask(pool(), row!, { waitsFor: 'late', afterMs: 0 })
  expect(await claimPlanTask(pool(), { leaseMs: 0 })).toBe(null)
  expect((await pool().query('select session_id, waits_for from plan_tasks')).rows).toEqual([{ session_id: 's1', waits_for: null }])
})

test('a plan and what has to be written elsewhere change together, and what was given up is taken up again', async () => {
  await stopAsking(pool(), 'p')
  const writes = [{ key: 'k', kind: 'plan-repository', payload: { a: 1 } }]
  const next = { asked: 'next', problem: null }
  const after = { next, writes: [{ key: 'n', kind: 'plan-project', payload: {} }] }
  const ask = (version: number) => changePlanAndWrite(pool(), { id: 'p', ownerId: 'alice', version, set: { repositoryAsked: 'h' }, writes })
  const outbox = async () => (await pool().query('select key, owner_id, payload, given_up_at is null as waits from outbox')).rows
  expect([await ask(1), await outbox()]).toEqual([false, []])
  expect([await ask(2), await outbox()]).toEqual([true, [{ key: 'k', owner_id: 'alice', payload: { a: 1 }, waits: true }]])
  await pool().query('update outbox set given_up_at = now()')
  await notePlanRepository(pool(), { id: 'p', hash: 'h', made: { problem: 'no rights' } })
  expect([await ask(4), await outbox()]).toMatchObject([true, [{ waits: true }]])
  await notePlanRepository(pool(), { id: 'p', hash: 'another', made: { repository: '/else', ...after } })
  expect(await outbox()).toHaveLength(1)
  await notePlanRepository(pool(), { id: 'p', hash: 'h', made: { repository: '/srv/clock.git', ...after } })
  // A second time, as when its process died before it could say that it was done.
  await notePlanRepository(pool(), { id: 'p', hash: 'h', made: { repository: '/srv/clock.git', ...after } })
  expect((await outbox()).map(({ key }) => key).toSorted()).toEqual(['k', 'n'])
  expect(await getPlan(pool(), 'p')).toMatchObject({
    newRepository: next,
    request: { repository: '/srv/clock.git' },
    repositoryAsked: null,
    repositoryProblem: null,
  })
  await notePlanNext(pool(), { id: 'p', next: { asked: 'another' } })
  expect((await getPlan(pool(), 'p'))?.newRepository).toEqual(next)
  const done = { ...next, problem: 'no rights' }
  await notePlanNext(pool(), { id: 'p', next: done })
  expect((await getPlan(pool(), 'p'))?.newRepository).toEqual(done)
})
