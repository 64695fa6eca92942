import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '@slipway/core/ports'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStore, type Store } from './store.ts'
import { startChild } from './testing/child-process.ts'
import { createSession, newEvent, userMessage } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let store: Store

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  store = createStore(testDatabase.database)
})
beforeEach(() => testDatabase.database.pool.query('truncate sessions, events'))
afterAll(async () => {
  await store.bus.close()
  await testDatabase.close()
})

const say = (sessionId: string, text = 'hello', lease: Lease | null = null, expectedSeq: number | null = null) =>
  store.log.append({ sessionId, events: [newEvent(userMessage(text))], expectedSeq, lease, wake: lease === null ? 'now' : 'no' })

async function claimed(sessionId: string, workerId = 'w', leaseMs?: number): Promise<Lease> {
  const lease = await store.leases.claimSession({ sessionId, workerId, ...(leaseMs === undefined ? {} : { leaseMs }) })
  if (lease === null) throw new Error('The session could not be claimed.')
  return lease
}

/** By the database's clock, which is the one that counts. */
async function waitForEndOfLease(sessionId: string): Promise<void> {
  while (true) {
    const { rows } = await testDatabase.database.pool.query<{ ms: number }>(
      `select greatest(0, extract(epoch from lease_until - clock_timestamp()) * 1000)::float8 as ms from sessions where id = $1`,
      [sessionId],
    )
    const [row] = rows
    if (row === undefined || row.ms === 0) return
    await sleep(row.ms)
  }
}

test('a session is claimed by one worker, the one due longest first, and only when due', async () => {
  const resting = await createSession(store.log)
  const first = await createSession(store.log, { wake: 'now' })
  const second = await createSession(store.log, { wake: 'now' })
  expect(await store.leases.claim({ workerId: 'a' })).toEqual({ sessionId: first, workerId: 'a', fence: 1 })
  expect(await store.leases.claim({ workerId: 'b' })).toEqual({ sessionId: second, workerId: 'b', fence: 1 })
  expect(await store.leases.claim({ workerId: 'c' })).toBeNull()
  expect(await store.leases.claimSession({ sessionId: first, workerId: 'c' })).toBeNull()
  expect(await store.leases.claimSession({ sessionId: resting, workerId: 'c' })).toMatchObject({ sessionId: resting })
  expect(await store.leases.claimSession({ sessionId: 'unknown', workerId: 'c' })).toBeNull()
})

test('twenty workers that claim at once get twenty different sessions', async () => {
  await Promise.all(Array.from({ length: 20 }, () => createSession(store.log, { wake: 'now' })))
  const leases = await Promise.all(Array.from({ length: 20 }, (_, index) => store.leases.claim({ workerId: `w${index}` })))
  const got = leases.filter((lease) => lease !== null)
  expect(new Set(got.map((lease) => lease.sessionId)).size).toBe(got.length)
  expect(got.length).toBe(20)
})

test('a released session rests until it is due again', async () => {
  const id = await createSession(store.log, { wake: 'now' })
  const lease = await claimed(id)
  const before = Date.now()
  expect(await store.leases.release(lease, { atHead: 1, wakeInMs: 3_600_000 })).toEqual({ ok: true })
  expect(await store.leases.claim({ workerId: 'w' })).toBeNull()
  const { workerId, wakeAt } = (await store.sessions.get(id)) ?? {}
  expect([workerId, Math.round((Date.parse(wakeAt ?? '') - before) / 60_000)]).toEqual([null, 60])
  await say(id)
  expect(await store.leases.claim({ workerId: 'w' })).toEqual({ sessionId: id, workerId: 'w', fence: 2 })
})

test('a release after which something was appended is refused, and the lease still holds', async () => {
  const id = await createSession(store.log)
  const lease = await claimed(id)
  await say(id)
  expect(await store.leases.release(lease, { atHead: 1, wakeInMs: null })).toEqual({ ok: false, kind: 'head-moved', head: 2 })
  expect(await say(id, 'mine', lease)).toMatchObject({ ok: true })
  expect(await store.leases.release(lease, { atHead: 3, wakeInMs: null })).toEqual({ ok: true })
})

test('however a release and a message race, the session is driven or due: no message is missed', async () => {
  for (let turn = 0; turn < 60; turn += 1) {
    const id = await createSession(store.log)
    const lease = await claimed(id)
    const early = turn % 2 === 0 ? say(id) : null
    const releasing = store.leases.release(lease, { atHead: 1, wakeInMs: null })
    const [appended, released] = await Promise.all([early ?? say(id), releasing])
    expect(appended.ok).toBe(true)
    const row = await store.sessions.get(id)
    if (released.ok) expect(row?.wakeAt).not.toBeNull()
    else expect(row?.workerId).toBe('w')
  }
})

test.each(['release', 'message'] as const)('of a release and a message that wait for each other, the %s comes first', async (first) => {
  const id = await createSession(store.log)
  const lease = await claimed(id)
  const steps = { release: () => store.leases.release(lease, { atHead: 1, wakeInMs: null }), message: () => say(id) }
  const holder = await testDatabase.database.pool.connect()
  await holder.query('begin')
  await holder.query('select from sessions where id = $1 for update', [id])
  const isFirst = steps[first]()
  await waitForWaiting(1)
  const isSecond = steps[first === 'release' ? 'message' : 'release']()
  await waitForWaiting(2)
  await holder.query('commit')
  holder.release()
  const results = await Promise.all([isFirst, isSecond])
  const row = await store.sessions.get(id)
  if (first === 'release') {
    expect(results).toMatchObject([{ ok: true }, { ok: true }])
    expect([row?.workerId, row?.wakeAt]).toEqual([null, expect.any(String)])
  } else {
    expect(results).toMatchObject([{ ok: true }, { ok: false, kind: 'head-moved', head: 2 }])
    expect(row?.workerId).toBe('w')
  }
})

/** Until so many queries wait for a row that another holds. */
async function waitForWaiting(count: number): Promise<void> {
  const text = `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  const waiting = async () => (await testDatabase.database.pool.query<{ count: number }>(text)).rows[0]?.count
  await expect.poll(waiting).toBe(count)
}

test('a heartbeat keeps the session, and fails once it is lost', async () => {
  const id = await createSession(store.log, { wake: 'now' })
  const lease = await claimed(id, 'w', 150)
  expect(await store.leases.heartbeat(lease, 60_000)).toBe(true)
  await testDatabase.database.pool.query(`update sessions set lease_until = clock_timestamp() - interval '1 ms'`)
  expect(await store.leases.heartbeat(lease)).toBe(false)
  expect(await store.leases.release(lease, { atHead: 1, wakeInMs: null })).toEqual({ ok: false, kind: 'lost' })
  expect(await store.leases.claim({ workerId: 'other' })).toMatchObject({ sessionId: id, fence: 2 })
  expect(await store.leases.heartbeat(lease)).toBe(false)
  expect(await say(id, 'late', lease)).toEqual({ ok: false, kind: 'fenced' })
})

test('what a worker that is known to be gone held is free at once, and it can append nothing more', async () => {
  const lost = await createSession(store.log)
  const kept = await createSession(store.log)
  const lease = await claimed(lost, 'gone')
  const other = await claimed(kept, 'here')
  expect(await store.leases.freeGone((workerId) => workerId === 'gone')).toEqual([lost])
  expect((await say(lost, 'late', lease)).ok).toBe(false)
  expect((await say(kept, 'fine', other)).ok).toBe(true)
  expect((await claimed(lost, 'next')).fence).toBe(lease.fence + 1)
  expect(await store.leases.freeGone((workerId) => workerId === 'gone')).toEqual([])
})

test('the sweep frees what silent workers held and counts what is due', async () => {
  const silent = await createSession(store.log)
  await claimed(silent, 'silent', 0)
  const busy = await createSession(store.log)
  await claimed(busy, 'busy')
  await createSession(store.log, { wake: 'now' })
  expect(await store.leases.sweep()).toEqual({ expired: [silent], due: 2 })
  expect(await store.leases.sweep()).toEqual({ expired: [], due: 2 })
  expect((await store.sessions.get(busy))?.workerId).toBe('busy')
})

const worker = new URL('./testing/drive-session.child.ts', import.meta.url)

test('when a worker is killed another has its session within the lease', async () => {
  const leaseMs = 1_500
  const id = await createSession(store.log)
  const child = startChild(worker, [JSON.stringify(testDatabase.location), id, String(leaseMs)])
  const lease = await child.next<Lease>()
  const claimedAt = performance.now()
  child.kill('SIGKILL')
  await child.exited
  let next: Lease | null = null
  while (next === null && performance.now() - claimedAt < 60_000) {
    next = await store.leases.claim({ workerId: 'heir' })
    await sleep(20)
  }
  expect(next).toEqual({ sessionId: id, workerId: 'heir', fence: lease.fence + 1 })
  // Nearer to its own lease than to the usual one.
  expect(performance.now() - claimedAt).toBeLessThan(10_000)
})

test('a worker woken from a freeze after its lease ended appends nothing', async () => {
  const id = await createSession(store.log)
  const child = startChild(worker, [JSON.stringify(testDatabase.location), id, '1000'])
  await child.next<Lease>()
  child.say('before')
  expect(await child.next()).toEqual({ ok: true })
  child.kill('SIGSTOP')
  child.say('after')
  await waitForEndOfLease(id)
  const heir = await store.leases.claim({ workerId: 'heir' })
  if (heir === null) throw new Error('The session was not free after its lease.')
  expect(await say(id, 'from the heir', heir)).toMatchObject({ ok: true })
  child.kill('SIGCONT')
  expect(await child.next()).toEqual({ ok: false, kind: 'fenced' })
  expect((await store.log.read({ sessionId: id, after: 1 })).map(({ body }) => (body as { text: string }).text)).toEqual([
    'before',
    'from the heir',
  ])
  child.say('close')
  await child.exited
})
