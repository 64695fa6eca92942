import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EventBody, ModelRequested, ModelResponded } from '@slipway/core/events'
import { migrate } from './migrate.ts'
import { rebuildProjections } from './rebuild-projections.ts'
import { createStore, type Store } from './store.ts'
import { createSession, newEvent, userMessage } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let store: Store

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  store = createStore(testDatabase.database)
})
beforeEach(() => testDatabase.database.pool.query('truncate events, blobs, sessions, budgets, budget_entries'))
afterAll(async () => {
  await store.bus.close()
  await testDatabase.close()
})

const requested = (callId: string): ModelRequested => ({
  type: 'model-requested',
  callId,
  role: 'code',
  model: 'scripted/none',
  attempt: 1,
  promptSha: '',
  reservedMicros: 900,
  forCallId: null,
})
const responded = (callId: string, costMicros: number): ModelResponded => ({
  type: 'model-responded',
  callId,
  content: [],
  finish: 'stop',
  costMicros,
  priceBook: '2026-01-01',
  firstTokenMs: 1,
  ms: 1,
  usage: { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 },
})
const asked = (askId: string): EventBody => ({
  type: 'human-asked',
  askId,
  kind: 'question',
  question: '?',
  options: [],
  callId: null,
  effect: null,
  expiresAt: null,
})

/** Appends one by one what a driver would, with real reservations. */
async function play(sessionId: string, bodies: EventBody[]): Promise<void> {
  for (const body of bodies) {
    if (body.type === 'model-requested')
      await store.budgets.reserve({ callId: body.callId, sessionId, ownerId: 'alice', micros: body.reservedMicros })
    const at = new Date().toISOString()
    const result = await store.log.append({ sessionId, events: [newEvent(body, at)], expectedSeq: null, lease: null, wake: 'no' })
    expect(result.ok).toBe(true)
    if (body.type === 'model-responded') await store.budgets.settle({ callId: body.callId, spentMicros: body.costMicros })
  }
}

async function fillWithSessions(): Promise<void> {
  const finished = await createSession(store.log, { title: 'finished' })
  await play(finished, [
    requested('a'),
    responded('a', 300),
    { type: 'session-renamed', title: 'renamed' },
    { type: 'session-finished', outcome: 'verified', summary: '' },
  ])
  const waiting = await createSession(store.log, { title: 'waiting', ownerId: 'bob' })
  await play(waiting, [
    asked('q1'),
    asked('q2'),
    { type: 'human-answered', askId: 'q1', decision: 'answer', text: '', effectHash: null, budgetMicros: null },
  ])
  const open = await createSession(store.log, { title: 'open call' })
  await play(open, [userMessage('x'.repeat(100_000)), requested('b')])
  const fork = await createSession(store.log, { title: 'fork' })
  const copied: EventBody[] = [requested('a'), responded('a', 300)]
  await store.log.append({ sessionId: fork, events: copied.map((body) => newEvent(body)), expectedSeq: 1, lease: null, wake: 'no' })
  await play(fork, [
    { type: 'session-forked', fromSessionId: finished, fromSeq: 3, checkpoint: null, model: null },
    requested('c'),
    responded('c', 50),
  ])
}

async function projections(): Promise<unknown> {
  const { pool } = testDatabase.database
  const sessions = await pool.query(
    'select id, owner_id, title, repository_url, status, outcome, open_asks, cost_micros, head, created_at, updated_at from sessions order by id',
  )
  const entries = await pool.query('select call_id, session_id, owner_id, micros, is_settled from budget_entries order by call_id')
  return { sessions: sessions.rows, entries: entries.rows }
}

test('with every table but events and blobs dropped, a start and a rebuild bring the same state back', async () => {
  await fillWithSessions()
  const before = await projections()
  expect(before).toMatchObject({
    sessions: expect.arrayContaining([
      expect.objectContaining({ title: 'renamed', status: 'done', outcome: 'verified', cost_micros: 300 }),
      expect.objectContaining({ title: 'waiting', status: 'waiting', open_asks: ['q2'] }),
      expect.objectContaining({ title: 'fork', status: 'running', cost_micros: 50 }),
    ]),
    entries: [
      expect.objectContaining({ call_id: 'a', micros: 300, is_settled: true }),
      expect.objectContaining({ call_id: 'b', micros: 900, is_settled: false }),
      expect.objectContaining({ call_id: 'c', micros: 50, is_settled: true }),
    ],
  })

  const client = await testDatabase.database.connect()
  const { rows } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('events', 'blobs')`,
  )
  expect(rows.map(({ name }) => name)).toContain('sessions')
  for (const { name } of rows) await client.query(`drop table ${name} cascade`)
  await dropFunctions(client)
  await migrate(client)
  await client.end()
  expect(await projections()).toEqual({ sessions: [], entries: [] })

  expect(await rebuildProjections(testDatabase.database)).toBe(4)
  expect(await projections()).toEqual(before)
})

test('after a rebuild, leases from before are void and sessions with work left are due', async () => {
  const id = await createSession(store.log)
  const lease = await store.leases.claimSession({ sessionId: id, workerId: 'w' })
  await rebuildProjections(testDatabase.database)
  expect(await store.log.append({ sessionId: id, events: [newEvent(userMessage('late'))], expectedSeq: 1, lease, wake: 'no' })).toEqual({
    ok: false,
    kind: 'fenced',
  })
  const next = await store.leases.claim({ workerId: 'w' })
  expect(next?.sessionId).toBe(id)
  expect(next?.fence).toBeGreaterThan(lease?.fence ?? Infinity)
})

test('a rebuild counts the current period of every limit again', async () => {
  await store.budgets.setLimit({ scope: 'owner', scopeId: 'alice', period: 'total', limitMicros: 10_000 })
  await fillWithSessions()
  const before = await store.budgets.list()
  expect(before).toEqual([{ scope: 'owner', scopeId: 'alice', period: 'total', limitMicros: 10_000, spentMicros: 1250 }])
  await testDatabase.database.pool.query('update budgets set spent_micros = 7')
  await rebuildProjections(testDatabase.database)
  expect(await store.budgets.list()).toEqual(before)
})

async function dropFunctions(client: { query(sql: string): Promise<{ rows: unknown[] }> }): Promise<void> {
  const { rows } = await client.query(`select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace`)
  for (const { name } of rows as { name: string }[]) await client.query(`drop function if exists ${name} cascade`)
}

test('what plans cost is in no log, and stays counted', async () => {
  const { pool } = testDatabase.database
  await pool.query(
    `insert into plans (id, owner_id, person_id, title, idea, source, request, thinker, code_model)
     values ('p', 'alice', 'alice', 'x', 'x', 'chat', '{}', '{}', '')`,
  )
  await store.budgets.setLimit({ scope: 'owner', scopeId: 'alice', period: 'total', limitMicros: 10_000 })
  await store.budgets.reserve({ callId: 'of a plan', sessionId: 'p', ownerId: 'alice', micros: 5 })
  await store.budgets.reserve({ callId: 'of nothing', sessionId: 'gone', ownerId: 'alice', micros: 7 })
  await rebuildProjections(testDatabase.database)
  expect(await store.budgets.list()).toMatchObject([{ spentMicros: 5 }])
})
