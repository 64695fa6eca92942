import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openDatabase, type Database } from '../database.ts'
import { migrationCount } from '../testing/migration-count.ts'
import { startChild } from '../testing/child-process.ts'
import { stopUnusedServer } from './embedded-postgres.ts'
import { runningPostmaster } from './postmaster.ts'

// A first start costs seconds on a busy machine, so tests that do not need an empty home take turns in one.
let usedHome: string
let home: string
beforeAll(async () => {
  usedHome = await mkdtemp(join(tmpdir(), 'slipway-home-'))
})
beforeEach(() => {
  home = usedHome
})
afterEach(async () => {
  if (!(await stopUnusedServer(home))) throw new Error('The test left its database open.')
  if (home !== usedHome) await rm(home, { recursive: true })
})
afterAll(() => rm(usedHome, { recursive: true }))

async function takeEmptyHome(): Promise<void> {
  home = await mkdtemp(join(tmpdir(), 'slipway-home-'))
}

const script = new URL('../testing/hold-database.child.ts', import.meta.url)
const postmaster = () => runningPostmaster(join(home, 'postgres/data'))

async function open(at = home): Promise<Database> {
  const opened = await openDatabase({ home: at, databaseUrl: null })
  if (!opened.ok) throw new Error(`${opened.message} ${opened.fix}`)
  return opened.database
}

async function note(database: Database, text: string): Promise<void> {
  await database.pool.query('drop table if exists notes; create table notes (text text)')
  await database.pool.query('insert into notes values ($1)', [text])
}

async function notes(database: Database): Promise<string[]> {
  return (await database.pool.query<{ text: string }>('select text from notes order by text')).rows.map((row) => row.text)
}

test('the last to leave stops the server, and everything is there the next time', async () => {
  const first = await open()
  const pid = postmaster()
  const second = await open()
  expect(postmaster()).toBe(pid)
  await note(first, 'kept')
  await first.close()
  await first.close()
  expect(await notes(second)).toEqual(['kept'])
  await second.close()
  expect(postmaster()).toBeNull()
  const third = await open()
  expect(await notes(third)).toEqual(['kept'])
  await third.close()
})

test('the server is durable, private and without a network port', async () => {
  const database = await open()
  const settings = await database.pool.query(`select name, setting from pg_settings
    where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_permissions') order by name`)
  expect(settings.rows.map((row) => [row.name, row.setting])).toEqual([
    ['fsync', 'on'],
    ['full_page_writes', 'on'],
    ['listen_addresses', ''],
    ['synchronous_commit', 'on'],
    ['unix_socket_permissions', '0700'],
  ])
  expect((await stat(join(home, 'postgres/socket'))).mode & 0o777).toBe(0o700)
  expect(database).toMatchObject({ isEmbedded: true, url: expect.stringContaining('postgres:///slipway?host=') })
  await database.close()
})

test('processes that start at once on an empty home share one server', async () => {
  await takeEmptyHome()
  const children = Array.from({ length: 4 }, () => startChild(script, [home]))
  expect(await Promise.all(children.map((child) => child.next()))).toEqual(Array(4).fill({ ok: true }))
  const pid = postmaster()
  expect(pid).not.toBeNull()
  const database = await open()
  for (const child of children) child.say('close')
  await Promise.all(children.map((child) => child.exited))
  expect(postmaster()).toBe(pid)
  expect((await database.pool.query('select from schema_migrations')).rowCount).toBe(migrationCount)
  await database.close()
  expect(postmaster()).toBeNull()
})

test('a server left over from a killed starter is joined, and its dead user does not keep it alive', async () => {
  const starter = startChild(script, [home])
  await starter.next()
  const pid = postmaster()
  starter.kill('SIGKILL')
  await starter.exited
  expect(postmaster()).toBe(pid)
  const database = await open()
  expect(postmaster()).toBe(pid)
  await database.close()
  expect(postmaster()).toBeNull()
})

test('what was committed survives the death of the server', async () => {
  const database = await open()
  await note(database, 'committed')
  const pid = postmaster()
  if (pid === null) throw new Error('no server')
  process.kill(pid, 'SIGKILL')
  const recovered = await open()
  expect(postmaster()).not.toBe(pid)
  expect(await notes(recovered)).toEqual(['committed'])
  await database.close()
  await recovered.close()
})

test('a server that dies while it is used is started again without anybody asking', async () => {
  const database = await open()
  await note(database, 'before')
  const pid = postmaster()
  if (pid === null) throw new Error('no server')
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => [null, pid].includes(postmaster())).toBe(false)
  // Connections of the dead server are noticed as broken when they are used.
  await vi.waitFor(async () => expect(await notes(database)).toEqual(['before']), 60_000)
  await database.close()
  expect(postmaster()).toBeNull()
})

test('a pid file whose id now belongs to another process does not keep the server from starting', async () => {
  await (await open()).close()
  for (const path of ['postgres/data/postmaster.pid', 'postgres/socket/.s.PGSQL.5432.lock']) {
    await writeFile(join(home, path), `${process.pid}\n${join(home, 'postgres/data')}\n1\n5432\n${join(home, 'postgres/socket')}\n\n`)
  }
  const database = await open()
  expect(postmaster()).not.toBe(process.pid)
  await database.close()
})

test('a killed server whose end nobody has taken note of yet keeps the next one waiting, not out', async () => {
  await (await open()).close()
  // The shell becomes a program that never asks for its child's end; after a second it is gone, and somebody else does.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 1'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
  await writeFile(join(home, 'postgres/data/postmaster.pid'), `${String(pid).trim()}\n${join(home, 'postgres/data')}\n1\n5432\n\n\n`)
  const database = await open()
  expect(postmaster()).not.toBe(null)
  await database.close()
})

test('a first start that was cut is begun again', async () => {
  await takeEmptyHome()
  await mkdir(join(home, 'postgres/data.new-1'), { recursive: true })
  await writeFile(join(home, 'postgres/data.new-1/PG_VERSION'), '18')
  await (await open()).close()
  expect((await readdir(join(home, 'postgres'))).filter((name) => name.startsWith('data'))).toEqual(['data'])
})

test('a home whose path is too long for a socket gets a short private folder', async () => {
  await takeEmptyHome()
  const long = join(home, 'a'.repeat(60), 'b'.repeat(60))
  await mkdir(long, { recursive: true })
  const database = await open(long)
  const folder = new URL(database.url).searchParams.get('host') ?? ''
  expect(folder).toMatch(/^\/tmp\/slipway-[0-9a-f]{16}$/)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await database.close()
  await rm(folder, { recursive: true })
})

test('a server that cannot start is explained by the end of its log', async () => {
  await takeEmptyHome()
  await (await open()).close()
  await writeFile(join(home, 'postgres/data/postgresql.conf'), 'no_such_setting = 1\n')
  expect(await openDatabase({ home, databaseUrl: null })).toEqual({
    ok: false,
    cause: 'server-failed',
    message: expect.stringMatching(/did not start[^]*unrecognized configuration parameter "no_such_setting"/),
    fix: expect.stringContaining('server.log'),
  })
})

test('a data folder of another PostgreSQL version is left alone and named', async () => {
  await takeEmptyHome()
  const data = join(home, 'postgres/data')
  await mkdir(data, { recursive: true })
  await writeFile(join(data, 'PG_VERSION'), '14\n')
  expect(await openDatabase({ home, databaseUrl: null })).toMatchObject({
    ok: false,
    cause: 'version-mismatch',
    message: expect.stringContaining('PostgreSQL 14'),
  })
  expect(await readFile(join(data, 'PG_VERSION'), 'utf8')).toBe('14\n')
})

test('as root without bubblewrap the answer names the cause and what to type; an ordinary user needs none', async () => {
  await takeEmptyHome()
  const child = startChild(script, [home], { ...process.env, PATH: '/nonexistent' })
  const answer = await child.next()
  if (process.getuid?.() === 0) {
    expect(answer).toMatchObject({
      ok: false,
      cause: 'running-as-root-without-bubblewrap',
      fix: expect.stringContaining('apt-get install bubblewrap'),
    })
  } else {
    expect(answer).toEqual({ ok: true })
  }
  child.say('close')
  await child.exited
})

test('a home that cannot be written is a value, not a throw', async () => {
  await takeEmptyHome()
  const file = join(home, 'file')
  await writeFile(file, '')
  expect(await openDatabase({ home: file, databaseUrl: null })).toMatchObject({
    ok: false,
    cause: 'home-not-writable',
    fix: expect.stringContaining('SLIPWAY_HOME'),
  })
})

test('an unreachable DATABASE_URL is explained without its password', async () => {
  const opened = await openDatabase({ home, databaseUrl: 'postgres://somebody:s3cr3t@127.0.0.1:1/slipway' })
  expect(opened).toMatchObject({
    ok: false,
    cause: 'connection-failed',
    message: expect.stringContaining('postgres://somebody@127.0.0.1:1/slipway'),
  })
  expect(JSON.stringify(opened)).not.toContain('s3cr3t')
})
