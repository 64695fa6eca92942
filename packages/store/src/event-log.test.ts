import { randomUUID } from 'node:crypto'
import type { EventBody } from '@slipway/core/events'
import type { LiveMessage } from '@slipway/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBlobs } from './blobs.ts'
import { createBudgets } from './budgets.ts'
import { createEventLog, type StoredEventLog } from './event-log.ts'
import { createLeases, type Leases } from './leases.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSession, newEvent, sessionCreated, userMessage } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let log: StoredEventLog
let leases: Leases
let sessions: Sessions
const published: LiveMessage[] = []

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  const { pool } = testDatabase.database
  log = createEventLog({ pool, blobs: createBlobs(pool), publish: (message) => published.push(message) })
  leases = createLeases(pool)
  sessions = createSessions(pool)
})
afterAll(() => testDatabase.close())

const say = (sessionId: string, text: string, expectedSeq: number | null = null) =>
  log.append({ sessionId, events: [newEvent(userMessage(text))], expectedSeq, lease: null, wake: 'no' })

test('the first event creates the session, and its row is computed from it', async () => {
  const id = await createSession(log, { at: '2026-03-04T05:06:07.089Z' })
  expect(await sessions.get(id)).toEqual({
    id,
    ownerId: 'alice',
    title: 'Fix the parser',
    repositoryUrl: '/srv/repository',
    status: 'running',
    outcome: null,
    openAsks: [],
    costMicros: 0,
    head: 1,
    createdAt: '2026-03-04T05:06:07.089Z',
    updatedAt: '2026-03-04T05:06:07.089Z',
    wakeAt: null,
    workerId: null,
  })
})

test('events come back as they were appended, keys in their order, and the answer equals what is stored', async () => {
  const id = await createSession(log)
  const body: EventBody = {
    type: 'tool-finished',
    callId: 'c',
    ok: true,
    output: 'ünïcödé "quoted" \\ \n\t {a,b}',
    blob: null,
    ms: 1,
    changed: false,
    problem: null,
    facts: { zebra: 1, apple: true, mango: null },
  }
  const appended = await log.append({
    sessionId: id,
    events: [newEvent(body), newEvent(userMessage('b'))],
    expectedSeq: 1,
    lease: null,
    wake: 'no',
  })
  const read = await log.read({ sessionId: id, after: 1 })
  expect(appended).toEqual({ ok: true, events: read })
  expect(read.map((event) => event.seq)).toEqual([2, 3])
  expect(JSON.stringify(read[0]?.body)).toBe(JSON.stringify(body))
})

test('an append to a session that does not exist says so and writes nothing', async () => {
  const id = randomUUID()
  expect(await say(id, 'hello')).toEqual({ ok: false, kind: 'unknown-session' })
  expect(await log.read({ sessionId: id, after: 0 })).toEqual([])
})

test('a second creation of the same session is a conflict', async () => {
  const id = await createSession(log)
  const again = await log.append({ sessionId: id, events: [newEvent(sessionCreated())], expectedSeq: null, lease: null, wake: 'no' })
  expect(again).toEqual({ ok: false, kind: 'conflict', head: 1 })
})

test('an append that expected another head is a conflict that names the head', async () => {
  const id = await createSession(log)
  await say(id, 'a')
  expect(await say(id, 'b', 1)).toEqual({ ok: false, kind: 'conflict', head: 2 })
  expect(await log.read({ sessionId: id, after: 2 })).toEqual([])
})

test('only the holder of the lease appends with it', async () => {
  const id = await createSession(log)
  const lease = await leases.claimSession({ sessionId: id, workerId: 'w1' })
  if (lease === null) throw new Error('not claimed')
  const as = (changed: object) =>
    log.append({ sessionId: id, events: [newEvent(userMessage('x'))], expectedSeq: null, lease: { ...lease, ...changed }, wake: 'no' })
  expect(await as({ fence: lease.fence - 1 })).toEqual({ ok: false, kind: 'fenced' })
  expect(await as({ fence: lease.fence + 1 })).toEqual({ ok: false, kind: 'fenced' })
  expect(await as({ workerId: 'w2' })).toEqual({ ok: false, kind: 'fenced' })
  expect(await as({})).toMatchObject({ ok: true })
  expect((await sessions.get(id))?.head).toBe(2)
})

test('a lease that ran out cannot append even when nobody else took it', async () => {
  const id = await createSession(log)
  const lease = await leases.claimSession({ sessionId: id, workerId: 'w1', leaseMs: 0 })
  expect(await log.append({ sessionId: id, events: [newEvent(userMessage('x'))], expectedSeq: 1, lease, wake: 'no' })).toEqual({
    ok: false,
    kind: 'fenced',
  })
})

test('eight appenders at once leave no gap and lose nothing', async () => {
  const id = await createSession(log)
  await Promise.all(
    Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; turn < 25; turn += 1) expect(await say(id, `${writer}-${turn}`)).toMatchObject({ ok: true })
    }),
  )
  const events = await log.read({ sessionId: id, after: 0 })
  expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 201 }, (_, index) => index + 1))
  expect(new Set(events.slice(1).map((event) => (event.body as { text: string }).text)).size).toBe(200)
})

test('of appenders that expect the same head exactly one succeeds', async () => {
  const id = await createSession(log)
  const results = await Promise.all(Array.from({ length: 8 }, (_, writer) => say(id, String(writer), 1)))
  expect(results.filter((result) => result.ok)).toHaveLength(1)
  expect(results.filter((result) => !result.ok)).toEqual(Array(7).fill({ ok: false, kind: 'conflict', head: 2 }))
})

test('of processes that create the same session at once exactly one succeeds', async () => {
  const id = randomUUID()
  const create = () => log.append({ sessionId: id, events: [newEvent(sessionCreated())], expectedSeq: 0, lease: null, wake: 'no' })
  const results = await Promise.all(Array.from({ length: 6 }, create))
  expect(results.filter((result) => result.ok)).toHaveLength(1)
  expect(results.filter((result) => !result.ok)).toEqual(Array(5).fill({ ok: false, kind: 'conflict', head: 1 }))
})

test('a batch is stored whole or not at all', async () => {
  const id = await createSession(log)
  const bad = { ...newEvent(userMessage('bad')), at: 'not a time' }
  await expect(
    log.append({ sessionId: id, events: [newEvent(userMessage('good')), bad], expectedSeq: 1, lease: null, wake: 'no' }),
  ).rejects.toThrow()
  expect(await log.read({ sessionId: id, after: 1 })).toEqual([])
  expect((await sessions.get(id))?.head).toBe(1)
})

test('a body over 64 KB lives in the blobs and comes back whole', async () => {
  const id = await createSession(log)
  const text = 'ä€😀'.repeat(30_000)
  await say(id, text)
  const stored = await testDatabase.database.pool.query(
    'select body is null as is_elsewhere, body_blob from events where session_id = $1 and seq = 2',
    [id],
  )
  expect(stored.rows).toEqual([{ is_elsewhere: true, body_blob: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  expect((await log.read({ sessionId: id, after: 1 }))[0]?.body).toEqual(userMessage(text))
})

test('NUL and lone surrogates are left out everywhere, and escaped text that only looks like them stays', async () => {
  const id = await createSession(log, { title: 'a\0b\ud800c' })
  const result = await say(id, 'x\0y\udfffz 😀 \\u0000 \\ud800')
  const [stored] = await log.read({ sessionId: id, after: 1 })
  expect(stored?.body).toEqual(userMessage('xyz 😀 \\u0000 \\ud800'))
  expect(result).toEqual({ ok: true, events: [stored] })
  expect((await sessions.get(id))?.title).toBe('abc')
})

test('the outcome of a model call settles its reservation in the same transaction, and only when it is written', async () => {
  const { pool } = testDatabase.database
  const budgets = createBudgets(pool)
  const id = await createSession(log)
  const callId = randomUUID()
  const entry = async () => (await pool.query('select micros, is_settled from budget_entries where call_id = $1', [callId])).rows[0]
  const failed: EventBody = {
    type: 'model-failed',
    callId,
    kind: 'network',
    message: 'cut',
    status: null,
    retryAt: null,
    fallback: null,
    costMicros: 120,
  }
  await budgets.reserve({ callId, sessionId: id, ownerId: 'alice', micros: 900 })
  await log.append({ sessionId: id, events: [newEvent(failed)], expectedSeq: 7, lease: null, wake: 'no' })
  expect(await entry()).toEqual({ micros: 900, is_settled: false })
  await log.append({ sessionId: id, events: [newEvent(failed)], expectedSeq: 1, lease: null, wake: 'no' })
  expect(await entry()).toEqual({ micros: 120, is_settled: true })
  expect((await sessions.get(id))?.costMicros).toBe(120)
})

test('people wake the session, drivers do not', async () => {
  const id = await createSession(log)
  expect((await sessions.get(id))?.wakeAt).toBeNull()
  await log.append({ sessionId: id, events: [newEvent(userMessage('go'))], expectedSeq: null, lease: null, wake: 'now' })
  expect((await sessions.get(id))?.wakeAt).not.toBeNull()
})

test('viewers are told after the commit, with the events and their head', async () => {
  const id = await createSession(log)
  published.length = 0
  const result = await log.append({ sessionId: id, events: [newEvent(userMessage('go'))], expectedSeq: null, lease: null, wake: 'now' })
  await say(id, 'conflict', 1)
  expect(published).toEqual([
    { kind: 'events', sessionId: id, head: 2, events: result.ok ? result.events : null },
    { kind: 'wake', sessionId: id },
  ])
})

test('a page of a long log is read by its index', async () => {
  const id = await createSession(log)
  const events = Array.from({ length: 30_000 }, (_, index) => newEvent(userMessage(String(index))))
  await log.append({ sessionId: id, events, expectedSeq: 1, lease: null, wake: 'no' })
  expect((await log.read({ sessionId: id, after: 29_990, limit: 3 })).map((event) => event.seq)).toEqual([29_991, 29_992, 29_993])
  expect((await log.readLast({ sessionId: id, count: 2 })).map((event) => event.seq)).toEqual([30_000, 30_001])
  expect(await log.read({ sessionId: id, after: 0 })).toHaveLength(30_001)
  await testDatabase.database.pool.query('analyze events')
  const plan = await testDatabase.database.pool.query<{ 'QUERY PLAN': string }>(
    'explain select * from events where session_id = $1 and seq > $2 order by seq limit 3',
    [id, 29_990],
  )
  const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(text).toContain('Index Scan using events_pkey')
  expect(text).not.toContain('Sort')
})
