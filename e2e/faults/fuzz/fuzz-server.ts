// The API of a real server on a real database, with sessions in every state that a person can meet. Nothing is driven.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EventBody } from '@slipway/core/events'
import { readSettings } from '@slipway/server/settings'
import { startServer, type RunningServer } from '@slipway/server/start-server'
import { message, sessionCreated } from '@slipway/server/testing/test-store'

export interface FuzzServer {
  url: string
  token: string
  /** A folder that is a git repository. */
  repository: string
  /** A script that exists, as a model's name. */
  model: string
  sessions: string[]
  /** The open question of one of the sessions. */
  askId: string
  effectHash: string
  running: RunningServer
  /** The rows of each table, counted, and whether any of them was written anew. */
  stored(): Promise<Record<string, string>>
  close(): Promise<void>
}

const askId = 'ask-4'
const effectHash = 'f'.repeat(64)

const asked: EventBody = {
  type: 'human-asked',
  askId,
  kind: 'approval',
  question: 'Push this?',
  options: ['approve', 'reject'],
  callId: 'c1',
  effect: { kind: 'push', title: 'Push', details: [['branch', 'slipway/x']], reason: 'Asked.', reversible: 'yes', hash: effectHash },
  expiresAt: null,
}

/** Nobody answers there: what has to ask the outside says so at once, and nothing leaves this machine. */
const nobody = 'http://127.0.0.1:9'
const outside = {
  GITHUB_URL: nobody,
  GITHUB_API_URL: nobody,
  GITLAB_URL: nobody,
  NOTION_API_URL: nobody,
  VERCEL_URL: nobody,
  VERCEL_API_URL: nobody,
  GOOGLE_ISSUER_URL: nobody,
}

/** Nothing, an open approval, a stop, an end, and a long talk. */
const pasts: EventBody[][] = [
  [],
  [message('one'), message('two'), asked],
  [{ type: 'stop-requested', reason: 'enough' }],
  [{ type: 'session-finished', outcome: 'failed', summary: 'It broke.' }],
  Array.from({ length: 300 }, (_, index) => message(`message ${index}`)),
]

/** `environment` names services outside that answer after all. */
export async function openFuzzServer(environment: Record<string, string> = {}): Promise<FuzzServer> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-fuzz-api-'))
  const repository = join(folder, 'repository')
  await promisify(execFile)('git', ['init', '-q', repository])
  const home = join(folder, 'home')
  const read = readSettings({
    ...outside,
    ...environment,
    SLIPWAY_HOME: home,
    SLIPWAY_ROLE: 'api',
    SLIPWAY_LOG_LEVEL: 'silent',
    HOME: folder,
  })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const server = await startServer({ ...read.settings, http: { ...read.settings.http, port: 0 } })
  const sessions = await Promise.all(pasts.map((past) => create(server, past)))
  return {
    url: server.url ?? '',
    token: (await readFile(server.tokenPath, 'utf8')).trim(),
    repository,
    model: `scripted/${join(import.meta.dirname, '../../../apps/server/sample/script.yaml')}`,
    sessions,
    askId,
    effectHash,
    running: server,
    stored: await countEverything(server),
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A table that is added later is counted without a change here. Not what is written at its own time, whatever is asked for. */
async function countEverything({ runtime }: RunningServer): Promise<() => Promise<Record<string, string>>> {
  const { pool } = runtime.store.database
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'auth') and tablename not like 'search\\_%' or (schemaname, tablename) = ('pgboss', 'schedule')`,
  )
  // The transaction that wrote a row is another one after each change of it.
  const counts = tables.map(
    ({ name }) => `select '${name}' as name, count(*) || ' rows, ' || coalesce(sum(xmin::text::bigint), 0) as rows from ${name}`,
  )
  const counted = counts.join(' union all ')
  return async () =>
    Object.fromEntries((await pool.query<{ name: string; rows: string }>(counted)).rows.map(({ name, rows }) => [name, rows]))
}

async function create({ runtime: { ports } }: RunningServer, past: EventBody[]): Promise<string> {
  const sessionId = ports.ids.next()
  const at = new Date(ports.clock.now()).toISOString()
  const events = [sessionCreated, ...past].map((body) => ({
    id: ports.ids.next(),
    at,
    actor: { kind: 'person' as const, id: 'local' },
    body,
  }))
  const result = await ports.log.append({ sessionId, events, expectedSeq: 0, lease: null, wake: 'no' })
  if (!result.ok) throw new Error(result.kind)
  return sessionId
}
