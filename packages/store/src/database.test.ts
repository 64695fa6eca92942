import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

test('a connection that breaks while it is lent out and silent ends nothing but itself', async () => {
  const { pool } = db.database
  const client = await pool.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note)
  await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
  await expect
    .poll(() =>
      client.query('select 1').then(
        () => 'well',
        () => 'broken',
      ),
    )
    .toBe('broken')
  await delay(20)
  process.off('uncaughtException', note)
  client.release(true)
  expect(uncaught).toEqual([])
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

describe('a server that is away', () => {
  test('is waited for while there is patience, and told of once', async () => {
    const door = await openDoor()
    const told: string[] = []
    const opened = await openDatabase({
      ...throughDoor(door),
      patienceMs: 60_000,
      onAway: (message) => {
        told.push(message)
        void door.open()
      },
    })
    if (!opened.ok) throw new Error(opened.message)
    expect((await opened.database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await opened.database.close()
    await door.close()
    expect(told).toEqual([expect.stringMatching(/cannot be reached/)])
  })

  test('is opened again when it goes away while it is opened', async () => {
    const door = await openDoor({ cutsFirst: true })
    await door.open()
    const opened = await openDatabase({ ...throughDoor(door), patienceMs: 60_000 })
    expect(opened).toMatchObject({ ok: true })
    if (opened.ok) await opened.database.close()
    await door.close()
  })

  test('is told of at once without patience', async () => {
    const door = await openDoor({ cutsFirst: true })
    expect(await openDatabase(throughDoor(door))).toMatchObject({ ok: false, cause: 'connection-failed', fix: expect.stringMatching(/./) })
    await door.open()
    expect(await openDatabase(throughDoor(door))).toMatchObject({ ok: false, cause: 'connection-failed', fix: expect.stringMatching(/./) })
    await door.close()
  })
})

interface Door {
  port: number
  open(): Promise<void>
  close(): Promise<void>
}

/** A port that leads to the test's server once it is open. `cutsFirst`: the first connection ends as soon as it has said something. */
async function openDoor({ cutsFirst = false } = {}): Promise<Door> {
  let isFirst = true
  const { path, host, port } = addressOf(db)
  const server = createServer((outer) => {
    const cut = cutsFirst && isFirst
    isFirst = false
    const inner = path === null ? connect(port, host) : connect(path)
    for (const each of [outer, inner]) each.on('error', () => undefined).on('close', () => [outer, inner].forEach((end) => end.destroy()))
    outer.pipe(inner).pipe(outer)
    if (cut) inner.once('data', () => outer.destroy())
  })
  const listen = async (wanted: number): Promise<void> => {
    server.listen(wanted, '127.0.0.1')
    await once(server, 'listening')
  }
  await listen(0)
  const { port: own } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    if (!server.listening) return
    server.close()
    await once(server, 'close')
  }
  await close()
  return { port: own, open: () => listen(own), close }
}

function addressOf({ location, database }: TestDatabase): { path: string | null; host: string; port: number; user: string } {
  const url = new URL(location.databaseUrl ?? database.url)
  const socket = url.searchParams.get('host')
  const user = url.searchParams.get('user') ?? decodeURIComponent(url.username)
  const port = Number(url.port || 5432)
  return { path: socket === null ? null : `${socket}/.s.PGSQL.${port}`, host: url.hostname, port, user }
}

function throughDoor({ port }: Door): { home: string; databaseUrl: string } {
  const { user } = addressOf(db)
  const { password } = new URL(db.location.databaseUrl ?? 'postgres://nobody')
  const from = new URL(`postgres://127.0.0.1:${port}/${db.location.databaseName}`)
  from.username = user
  from.password = password
  return { home: '/nonexistent', databaseUrl: from.href }
}
