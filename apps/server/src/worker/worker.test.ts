import type { DriveEnd } from '@slipway/agent/drive'
import { LeaseLost } from '@slipway/agent/session-log'
import type { Lease, ModelRequest, Ports } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { message, openTestStore, type TestStore } from '../testing/test-store.ts'
import type { DriveNeeds, DriveResult } from './drive-session.ts'
import { startWorker, type Worker, type WorkerOptions } from './worker.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

// What a test before left to be done is nothing that the worker of the next one is to find.
beforeEach(async () => {
  await db.store.database.pool.query('update sessions set wake_at = null, lease_worker = null, lease_until = null')
})

const workers: Worker[] = []
// One that a failed test left would take the sessions of the next.
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.drain()))
})

type Drive = DriveNeeds['drive']

function work(drive: Drive, change: Partial<WorkerOptions> = {}): { worker: Worker; results: [string, DriveResult][] } {
  const results: [string, DriveResult][] = []
  const worker = startWorker({
    // A drive in these tests uses the log, the clock and the ids only.
    ports: db.ports as unknown as Ports,
    leases: db.store.leases,
    drive,
    workerId: 'worker-1',
    sessions: 2,
    leaseMs: 15_000,
    heartbeatMs: 5_000,
    onDriven: (sessionId, result) => void results.push([sessionId, result]),
    onTrouble: (error) => {
      throw error
    },
    ...change,
  })
  workers.push(worker)
  return { worker, results }
}

async function until(condition: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function headOf(lease: Lease): Promise<number> {
  return replay(await db.ports.log.read({ sessionId: lease.sessionId, after: 0 })).head
}

const rest: Drive = async (lease): Promise<DriveEnd> => ({ kind: 'rest', head: await headOf(lease), wakeAt: null })

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())))
}

test('a session that somebody writes to is driven at once, and again when more was written during the drive', async () => {
  const driven: number[] = []
  // Nothing happens because some time has passed.
  const clock = { ...db.ports.clock, sleep: (_ms: number, signal?: AbortSignal) => aborted(signal as AbortSignal) }
  const drive: Drive = async (lease, ports, signal) => {
    const end = await rest(lease, ports, signal)
    driven.push(end.head)
    if (driven.length === 1) await db.append(lease.sessionId, [message('one more thing')])
    return end
  }
  const { worker } = work(drive, { ports: { ...db.ports, clock } as unknown as Ports })
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  await until(() => driven.length === 2)
  expect(driven).toEqual([2, 3])
  await worker.drain()
  expect((await db.store.sessions.get(sessionId))?.workerId).toBe(null)
})

test('several sessions are driven side by side, but no more than allowed', async () => {
  let now = 0
  let most = 0
  const open: (() => void)[] = []
  const { worker } = work(async (lease, ports, signal) => {
    most = Math.max(most, ++now)
    await new Promise<void>((resolve) => open.push(resolve))
    now--
    return rest(lease, ports, signal)
  })
  const ids = await Promise.all(Array.from({ length: 5 }, () => db.create()))
  for (const id of ids) await db.append(id, [message('go')], 'now')
  // Both places are taken before one is given back.
  await until(() => open.length === 2)
  await until(async () => {
    open.splice(0).forEach((go) => go())
    const rows = await Promise.all(ids.map((id) => db.store.sessions.get(id)))
    return rows.every((row) => row?.wakeAt === null && row.workerId === null)
  })
  expect(most).toBe(2)
  await worker.drain()
})

test('draining ends drives where they are and leaves every session due for the next worker', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  const { worker, results } = work(async (lease, _ports, signal) => {
    await aborted(signal)
    return { kind: 'aborted', head: await headOf(lease) }
  })
  await until(() => worker.active().includes(sessionId))
  await db.append(sessionId, [message('while it works')])
  await worker.drain()
  expect(results).toEqual([[sessionId, { kind: 'let-go' }]])
  const lease = await db.store.leases.claim({ workerId: 'worker-2' })
  expect(lease?.sessionId).toBe(sessionId)
  await db.store.leases.release(lease as Lease, { atHead: 3, wakeInMs: null })
})

test('a drive whose lease went to another worker ends without touching the session', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  const { worker, results } = work(
    async (_lease, _ports, signal) => {
      await db.store.database.pool.query('update sessions set lease_fence = lease_fence + 1, lease_worker = $2 where id = $1', [
        sessionId,
        'thief',
      ])
      await aborted(signal)
      throw new LeaseLost(sessionId)
    },
    { leaseMs: 15_000, heartbeatMs: 50 },
  )
  await until(() => results.length === 1)
  expect(results).toEqual([[sessionId, { kind: 'lost' }]])
  expect((await db.store.sessions.get(sessionId))?.workerId).toBe('thief')
  await worker.drain()
})

test('a session whose lease ran out under its own worker is driven again only once the first drive has ended', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  const told: string[] = []
  const { worker, results } = work(async (lease, ports, signal) => {
    told.push(`${lease.fence} began`)
    if (lease.fence > 1) return rest(lease, ports, signal)
    // As after the machine slept, or the database's clock was set forward.
    await db.store.database.pool.query(`update sessions set lease_until = clock_timestamp() - interval '1 hour' where id = $1`, [sessionId])
    await aborted(signal)
    await new Promise((resolve) => setTimeout(resolve, 50))
    told.push(`${lease.fence} ended`)
    return { kind: 'aborted', head: await headOf(lease) }
  })
  await until(() => results.length === 2)
  expect(told).toEqual(['1 began', '1 ended', '2 began'])
  expect(results.map(([, { kind }]) => kind)).toEqual(['lost', 'rested'])
  expect(worker.active()).toEqual([])
  await worker.drain()
})

test('a drive that fails five times in a row parks the session with a way out, and says no more than the kind of error', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  const nudges: Promise<unknown>[] = []
  const { worker } = work(
    async () => {
      throw new TypeError('a message with a password in it')
    },
    {
      // Due again at once, in place of seconds later.
      onDriven: () =>
        void nudges.push(
          db.store.database.pool
            .query('update sessions set wake_at = now() where id = $1', [sessionId])
            .then(() => db.ports.bus.publish({ kind: 'wake', sessionId })),
        ),
    },
  )
  await until(async () => replay(await db.ports.log.read({ sessionId, after: 0 })).ask !== null)
  await worker.drain()
  await Promise.all(nudges)
  const state = replay(await db.ports.log.read({ sessionId, after: 0 }))
  expect(state.ask?.kind).toBe('continue')
  expect(state.parked?.reason).toBe("Slipway itself failed 5 times in a row at this point (TypeError). The server's log has the details.")
})

test('a database that is away costs a session no try, however often, and the session is given back once it answers', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  let releases = 0
  let drives = 0
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
  const { worker, results } = work(
    async (lease, ports, signal) => {
      if (drives++ < 7) throw away
      return rest(lease, ports, signal)
    },
    {
      leases: {
        ...db.store.leases,
        release: async (lease, input) => {
          if (releases++ === 0) throw away
          // Due again at once, in place of seconds later.
          const wakeInMs = drives <= 7 ? 0 : input.wakeInMs
          return db.store.leases.release(lease, { ...input, wakeInMs })
        },
      },
    },
  )
  await until(() => results.length === 8)
  await worker.drain()
  expect(results.at(-1)).toEqual([sessionId, { kind: 'rested', wakeAt: null }])
  expect(replay(await db.ports.log.read({ sessionId, after: 0 })).ask).toBe(null)
})

test('a worker that was frozen past its lease makes no model call when it wakes, and ends its drive as lost', async () => {
  let calls = 0
  const model = { call: async () => void calls++ }
  const { worker, results } = work(
    async (lease, ports, signal) => {
      // Blocks every timer of the process, as SIGSTOP does.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
      await ports.model.call({} as ModelRequest, { signal, onDelta: () => undefined })
      return rest(lease, ports, signal)
    },
    { ports: { ...db.ports, model } as unknown as Ports, leaseMs: 300, heartbeatMs: 100 },
  )
  const sessionId = await db.create()
  await db.append(sessionId, [message('go')], 'now')
  await until(() => results.length > 0)
  await worker.drain()
  expect(results[0]).toEqual([sessionId, { kind: 'lost' }])
  expect(calls).toBe(0)
})

test.each([
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])('a worker whose clock is %s gives sessions back for when they are due by the database', async (_, aheadMs) => {
  const clock = { ...db.ports.clock, now: () => Date.now() + aheadMs }
  const ends: Drive[] = [
    async () => {
      throw new TypeError('a bug')
    },
    async (lease) => ({ kind: 'rest', head: await headOf(lease), wakeAt: new Date(clock.now() + 60_000).toISOString() }),
    async (lease, _ports, signal) => {
      await aborted(signal)
      return { kind: 'aborted', head: await headOf(lease) }
    },
  ]
  const ids: string[] = []
  const { worker, results } = work((lease, ports, signal) => (ends[ids.indexOf(lease.sessionId)] ?? rest)(lease, ports, signal), {
    ports: { ...db.ports, clock } as unknown as Ports,
    sessions: 3,
  })
  for (const _end of ends) ids.push(await db.create())
  for (const id of ids) await db.append(id, [message('go')], 'now')
  await until(() => results.length >= 2 && worker.active().includes(ids[2] ?? ''))
  await worker.drain()
  const { rows } = await db.store.database.pool.query<{ seconds: number }>(
    `select extract(epoch from wake_at - clock_timestamp())::float8 as seconds from sessions where id = any($1) order by array_position($1, id)`,
    [ids],
  )
  const [failed = 0, resting = 0, given = 0] = rows.map(({ seconds }) => seconds)
  expect([failed <= 2, resting > 30 && resting <= 60, given <= 0]).toEqual([true, true, true])
})
