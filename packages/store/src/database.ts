// Opens the database: the embedded server of a home, or the server named by a URL. Migrations are applied.

import { setTimeout as delay } from 'node:timers/promises'
import { isDiskFull } from '@slipway/core/errors/disk-full'
import { Client, Pool, type PoolConfig } from 'pg'
import { DatabaseProblem, type DatabaseCause } from './database-problem.ts'
import { databaseTrouble } from './database-trouble.ts'
import { joinEmbeddedServer } from './embedded/embedded-postgres.ts'
import { migrate } from './migrate.ts'
import { ensurePersonRole } from './person-role.ts'
import { pgTypes } from './pg-types.ts'

export interface Database {
  pool: Pool
  /** For people: where it is, without a password. */
  url: string
  isEmbedded: boolean
  /** A connection of its own, for LISTEN and for long work; the caller ends it. */
  connect(): Promise<Client>
  /** Ends the pool; the last user of an embedded server stops it. Closing twice is fine. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** SLIPWAY_HOME */
  home: string
  /** DATABASE_URL; null or empty: the embedded server. */
  databaseUrl: string | null
  /** Name of the database on the embedded server. */
  databaseName?: string
  /** Connections kept by this process at most. */
  poolSize?: number
  /** How long to go on trying while the server is away, starting or stopping. Default: 0, which tries once. */
  patienceMs?: number
  /** Called once, when the first try has failed and another one follows. */
  onAway?(message: string): void
  /** Called when the server is there or on its way: what is left of opening mostly waits for it. */
  onBegun?(): void
}

export type DatabaseFailure = { ok: false; cause: DatabaseCause; message: string; fix: string }

interface Server {
  config: PoolConfig
  url: string
  isEmbedded: boolean
  /** Makes the database; null: that is for people to do. */
  create: (() => Promise<void>) | null
  leave(): Promise<void>
}

const connectTimeoutMs = 10_000
/** No statement of ours takes long; a longer one hangs on something, and its caller must hear of it. */
const statementTimeoutMs = 60_000
const oldestServer = 150_000

/** Never throws for what a person can put right: `message` says what happened and `fix` what to type. */
export async function openDatabase(options: DatabaseOptions): Promise<{ ok: true; database: Database } | DatabaseFailure> {
  const deadline = performance.now() + (options.patienceMs ?? 0)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { ok: true, database: await open(options) }
    } catch (error) {
      const problem = explained(error)
      if (problem === null) throw error
      const { code, message, fix } = problem
      const mayPass = databaseTrouble(problem.cause) === 'away' || code === 'disk-full'
      if (!mayPass || performance.now() + retryMs > deadline) return { ok: false, cause: code, message, fix }
      if (attempt === 1) options.onAway?.(message)
    }
    await delay(retryMs)
  }
}

const retryMs = 250

/** A server that goes away while it is opened is a problem as one that was never there. Null: a bug. */
function explained(error: unknown): DatabaseProblem | null {
  if (error instanceof DatabaseProblem) return error
  if (databaseTrouble(error) === 'disk-full' || isDiskFull(error))
    return new DatabaseProblem(
      'disk-full',
      `The disk of the database is full: ${(error as Error).message}`,
      'Free some space on it; `df -h` shows which it is. Nothing that was stored is lost.',
      { cause: error },
    )
  if (databaseTrouble(error) !== 'away') return null
  const message = `The database went away while it was opened: ${(error as Error).message}`
  return new DatabaseProblem('connection-failed', message, 'Start again once it runs. `slipway doctor` looks at it.', { cause: error })
}

async function open(options: DatabaseOptions): Promise<Database> {
  const server = options.databaseUrl ? externalServer(options.databaseUrl) : await embeddedServer(options)
  if (!server.isEmbedded) options.onBegun?.()
  try {
    await prepare(server)
  } catch (error) {
    // What came first is what has to be said.
    await server.leave().catch(() => undefined)
    throw error
  }
  const pool = new Pool({ ...server.config, max: options.poolSize ?? 10, statement_timeout: statementTimeoutMs })
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  // The same for one that breaks while it is lent out, between two queries; the next of them rejects by itself.
  pool.on('connect', (client) => client.on('error', () => undefined))
  let closing: Promise<void> | null = null
  return {
    pool,
    url: server.url,
    isEmbedded: server.isEmbedded,
    connect: () => connect(server.config),
    close: () => (closing ??= pool.end().then(() => server.leave())),
  }
}

async function prepare(server: Server): Promise<void> {
  const client = await connectOrExplain(server)
  try {
    await requireVersion(client, server.url)
    await ensurePersonRole(client)
    await migrate(client)
  } finally {
    await client.end()
  }
}

function externalServer(databaseUrl: string): Server {
  let url: URL
  try {
    url = new URL(databaseUrl)
  } catch (cause) {
    throw new DatabaseProblem(
      'connection-failed',
      'DATABASE_URL is not a URL.',
      'Write it as postgres://user:password@host:5432/database',
      { cause },
    )
  }
  url.password = ''
  url.searchParams.delete('password')
  return {
    config: { connectionString: databaseUrl, types: pgTypes, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true },
    url: url.href,
    isEmbedded: false,
    create: null,
    leave: async () => undefined,
  }
}

async function embeddedServer({ home, databaseName = 'slipway', onBegun }: DatabaseOptions): Promise<Server> {
  const joined = await joinEmbeddedServer(home, onBegun)
  const config: PoolConfig = { ...joined.address, types: pgTypes, connectionTimeoutMillis: connectTimeoutMs }
  return {
    config: { ...config, database: databaseName },
    url: `postgres:///${databaseName}?host=${encodeURIComponent(joined.address.host)}&user=${joined.address.user}`,
    isEmbedded: true,
    create: () => createDatabase({ ...config, database: 'postgres' }, databaseName),
    leave: () => joined.leave(),
  }
}

/** See the table in https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNKNOWN_DATABASE = '3D000'

async function createDatabase(config: PoolConfig, name: string): Promise<void> {
  const client = await connect(config)
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`)
  } catch (error) {
    // Another process was faster: "already exists", or the catalogue's unique index when both were at it.
    const code = (error as { code?: string }).code
    if (code !== '42P04' && code !== '23505') throw error
  } finally {
    await client.end()
  }
}

async function connect(config: PoolConfig): Promise<Client> {
  const client = new Client(config)
  client.on('error', () => undefined) // Queries on a broken connection reject by themselves.
  await client.connect()
  return client
}

async function connectOrExplain(server: Server): Promise<Client> {
  try {
    return await connect(server.config)
  } catch (cause) {
    if (server.create !== null && (cause as { code?: string }).code === UNKNOWN_DATABASE) {
      await server.create()
      return connectOrExplain({ ...server, create: null })
    }
    const fix = server.isEmbedded
      ? 'Look at what is wrong: `slipway doctor`'
      : 'Check DATABASE_URL, that the server runs, and that it lets this user in.'
    throw new DatabaseProblem(
      'connection-failed',
      `The database at ${server.url} cannot be reached: ${(cause as Error).message || String(cause)}`,
      fix,
      { cause },
    )
  }
}

async function requireVersion(client: Client, url: string): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  )
  const [found] = rows
  if (found !== undefined && found.number >= oldestServer) return
  throw new DatabaseProblem(
    'version-mismatch',
    `The server at ${url} is PostgreSQL ${found?.version}; Slipway needs 15 or newer.`,
    'Set DATABASE_URL to a newer server, or leave it out to use the embedded one.',
  )
}
