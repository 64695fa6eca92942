// The real API on a real port over a real database; sessions are not driven.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import WebSocket from 'ws'
import type { Accounts } from '@slipway/core/accounts'
import type { ModelPort, Ports, Workspaces } from '@slipway/core/ports'
import { openRepositories } from '@slipway/git/open-repositories'
import { openAccountParts } from '../connections/open-account-parts.ts'
import { apiTokenPath, openApiToken } from '../http/api-token.ts'
import { listen } from '../http/listen.ts'
import { openApi } from '../http/open-api.ts'
import { openMetrics } from '../observability/metrics.ts'
import { openReadiness } from '../observability/readiness.ts'
import { type NotionAccess, openNotionAccess } from '../notion/notion-access.ts'
import { openRoutines } from '../routines/routines.ts'
import { previewAddresses } from '../preview/addresses.ts'
import { listenForPreviews } from '../preview/listen-for-previews.ts'
import { openPreviews } from '../preview/previews.ts'
import { openVisits } from '../preview/visits.ts'
import type { Runtime } from '../runtime.ts'
import { liveSandboxes } from '../runtime/live-sandboxes.ts'
import { readSettings, type Settings } from '../settings.ts'
import { openDeltaMemory } from '../stream/delta-memory.ts'
import type { StreamOptions } from '../stream/stream-session.ts'
import { countSessions } from '../views/installation-usage.ts'
import { openTestStore, type TestStore } from './test-store.ts'

/** Whatever the server answered; tests say what they expect of it. */
export type Json = ReturnType<typeof JSON.parse>

export interface TestApi {
  db: TestStore
  accounts: Accounts
  url: string
  token: string
  home: string
  settings: Settings
  /** For what runs beside the API in a server, such as the keeper of plans. */
  runtime: Runtime
  notion: NotionAccess
  /** With the token, JSON in and out. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Json; headers: Headers }>
  /** A viewer; `messages` grows until it closes. */
  stream(
    path: string,
    options?: { protocols?: string[]; headers?: Record<string, string> },
  ): {
    socket: WebSocket
    messages: Json[]
    until(condition: (messages: Json[]) => boolean): Promise<void>
    closed: Promise<{ code: number }>
  }
  close(): Promise<void>
}

export interface TestApiOptions {
  environment?: Record<string, string>
  stream?: Partial<StreamOptions>
  requestsPerMinute?: number
  publicUrl?: URL
  logs?: string[]
  /** What opens the sandboxes of sessions; left out: nothing does. */
  workspaces?: Workspaces
  /** Previews are served, not only spoken of. */
  hasPreviews?: boolean
  /** In place of a model that is only described, and of what only a drive uses. */
  ports?(settings: Settings, accounts: Accounts): Partial<Ports>
}

const noWorkspaces: Workspaces = {
  describe: async () => ({ setup: [], checks: [], mcp: {}, problems: [] }),
  open: async () => ({ ok: false, kind: 'none', message: 'there are no sandboxes in this test' }),
}

const nowhere = () => ({ addresses: previewAddresses('http://*.localhost:1'), visits: openVisits({ now: Date.now }) })

export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const db = await openTestStore()
  const home = await mkdtemp(join(tmpdir(), 'slipway-api-'))
  const read = readSettings({ SLIPWAY_HOME: home, ...options.environment })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const { settings } = read
  const logger = pino({ level: options.logs ? 'debug' : 'silent' }, { write: (line) => void options.logs?.push(line) })
  const deltas = openDeltaMemory(db.store.bus)
  const { log, blobs, bus, budgets, effects } = db.store
  const parts = { settings, database: db.store.database, clock: db.ports.clock, logger, learn: () => undefined }
  const accountParts = openAccountParts(parts)
  // Nothing is driven here, so the ports that only a drive uses are left out.
  const ports = {
    ...db.ports,
    log,
    blobs,
    bus,
    budgets,
    effects,
    model,
    repositories: openRepositories({ home }),
    ...options.ports?.(settings, accountParts.accounts),
  } as unknown as Ports
  const sandboxes = { selfTests: async () => [] } as unknown as Runtime['sandboxes']
  const runtime: Runtime = {
    settings,
    store: db.store,
    ports,
    sandboxes,
    live: liveSandboxes(options.workspaces ?? noWorkspaces),
    deltas,
    logger,
    accounts: accountParts.accounts,
    accountParts,
    workerId: 'none',
    close: async () => undefined,
  }
  const previews = options.hasPreviews ? await listenForPreviews(runtime) : openPreviews({ runtime, ...nowhere() })
  const token = await openApiToken(home)
  const metrics = openMetrics({ bus, sessionsByStatus: () => countSessions(db.store.database.pool) })
  const routines = await openRoutines(runtime)
  const notion = openNotionAccess({ accounts: runtime.accounts, apiUrl: settings.notion.apiUrl, clock: db.ports.clock })
  const readiness = openReadiness({ store: db.store, sandboxes, worker: () => null, now: Date.now })
  const app = await openApi({
    runtime,
    routines,
    notion,
    metrics,
    readiness,
    logger,
    token,
    tokenPath: apiTokenPath(home),
    version: '0.1.0',
    publicUrl: options.publicUrl ?? null,
    previews,
    ...(options.stream ? { stream: options.stream } : {}),
    ...(options.requestsPerMinute ? { requestsPerMinute: options.requestsPerMinute } : {}),
  })
  const url = await listen(app, { host: '127.0.0.1', port: 0 })

  return {
    db,
    accounts: accountParts.accounts,
    url,
    token,
    home,
    settings,
    runtime,
    notion,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json')
      return { status: response.status, body: isJson && text !== '' ? JSON.parse(text) : text, headers: response.headers }
    },
    stream(path, { protocols = ['slipway', `bearer.${token}`], headers = {} } = {}) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols, { headers })
      const messages: Json[] = []
      const waiting: { condition(sent: Json[]): boolean; done(): void }[] = []
      socket.on('message', (data) => {
        messages.push(JSON.parse(String(data)))
        for (const { condition, done } of waiting) if (condition(messages)) done()
      })
      const closed = new Promise<{ code: number }>((resolve) => {
        socket.on('close', (code) => resolve({ code }))
        socket.on('unexpected-response', (_request, response) => resolve({ code: response.statusCode ?? 0 }))
        socket.on('error', () => undefined)
      })
      return {
        socket,
        messages,
        closed,
        until: (condition) => new Promise((done) => (condition(messages) ? done() : waiting.push({ condition, done }))),
      }
    },
    async close() {
      await app.close()
      await previews.close()
      await routines.close()
      metrics.close()
      deltas.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Scripted models and `ollama/test` are there, others lack a key. */
const model: Pick<ModelPort, 'describe'> = {
  async describe(name) {
    if (!name.startsWith('scripted/') && name !== 'ollama/test') return { ok: false, message: `${name} needs a key` }
    const description = {
      model: name,
      provider: name.split('/')[0] ?? '',
      hasTools: true,
      contextWindow: 100_000,
      maxOutputTokens: 8_000,
      price: null,
      isScripted: name.startsWith('scripted/'),
    }
    return { ok: true, description }
  },
}
