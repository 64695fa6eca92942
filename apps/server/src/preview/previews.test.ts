import { request } from 'node:http'
import type { Sandbox, Workspaces } from '@slipway/core/ports'
import { openBench, type Bench } from '@slipway/sandbox/contract/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type Json, type TestApi } from '../testing/test-api.ts'

let bench: Bench
let api: TestApi
/** What the work trees hold when their sandbox opens, by session. */
const trees = new Map<string, Record<string, string>>()
let opened = 0

beforeAll(async () => {
  bench = await openBench('bubblewrap')
  const workspaces: Workspaces = {
    describe: async () => ({ setup: [], checks: [], mcp: {}, problems: [] }),
    async open({ sessionId, onPhase }) {
      opened += 1
      onPhase('starting the sandbox', 1_000, 'start')
      const sandbox = await bench.create({ workspace: sessionId })
      for (const [path, text] of Object.entries(trees.get(sessionId) ?? {})) await sandbox.writeFile(path, Buffer.from(text), {})
      return { ok: true, workspace: { sandbox, setup: null, restoredFrom: 'x', takenBackTo: null, ms: 1 } }
    },
  }
  api = await openTestApi({ workspaces, hasPreviews: true, environment: { SLIPWAY_PREVIEW_PORT: '0' } })
})
afterAll(async () => {
  await api.close()
  await bench.close()
})

const prepared = { type: 'repository-prepared', baseBranch: 'main', baseOid: 'b'.repeat(40), branch: 'slipway/x', ms: 1 } as const
const serve = (port: number): string =>
  `console.log('starting'); require('http').createServer((q, s) => s.end('it works')).listen(${port}, '127.0.0.1')`

async function session(files: Record<string, string>): Promise<string> {
  const id = await api.db.create()
  await api.db.append(id, [prepared])
  trees.set(id, files)
  return id
}

const previews = async (id: string): Promise<Json> => (await api.call('GET', `/api/v1/sessions/${id}/previews`)).body
const start = (id: string, body: object = {}): Promise<{ status: number; body: Json }> =>
  api.call('POST', `/api/v1/sessions/${id}/previews/local`, body)
const stop = async (id: string): Promise<Json> => (await api.call('DELETE', `/api/v1/sessions/${id}/previews/local`)).body
const becomes = async (id: string, state: string): Promise<void> => {
  await expect.poll(async () => (await previews(id)).local?.state).toBe(state)
}

async function told(id: string): Promise<unknown[]> {
  const events = await api.db.store.log.read({ sessionId: id, after: 0 })
  return events.flatMap(({ actor, body }) => (body.type === 'deployment-updated' ? [[actor, body.target, body.state, body.message]] : []))
}

/** Comes in by the ticket and looks. */
async function look(id: string, port: number): Promise<{ status: number; text: string }> {
  const { body } = await api.call('POST', `/api/v1/sessions/${id}/previews`, { port })
  const door = await get(body.url)
  return get(new URL(door.headers['location'] as string, body.url).href, String(door.headers['set-cookie']).split(';')[0])
}

/** As a browser that finds every name below localhost on this machine. */
function get(url: string, cookie = ''): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const { host, port, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: pathname + search, headers: { host, cookie }, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }))
    })
      .on('error', reject)
      .end()
  })
}

test('the application of a session at rest is started, looked at, stopped, and its sandbox sleeps again', async () => {
  const id = await session({ '.slipway/environment.yaml': 'preview: { command: node server.js }', 'server.js': serve(5173) })
  expect(await previews(id)).toEqual({ isAvailable: true, reason: null, sandbox: 'asleep', ports: [], local: null })
  expect((await look(id, 5173)).text).toContain('asleep')
  expect((await start(id)).status).toBe(202)
  await becomes(id, 'ready')
  expect(await previews(id)).toMatchObject({
    sandbox: 'preview',
    ports: [5173],
    local: { command: 'node server.js', origin: '.slipway/environment.yaml', port: 5173, waitsFor: null },
  })
  expect(await look(id, 5173)).toMatchObject({ status: 200, text: 'it works' })
  // Nobody drives the session meanwhile, and a worker may.
  expect((await api.db.store.sessions.get(id))?.workerId).toBe(null)
  const before = opened
  await start(id)
  expect(opened).toBe(before)
  expect(await stop(id)).toMatchObject({ sandbox: 'asleep', ports: [], local: { state: 'ended', reason: 'A person stopped it.' } })
  expect((await look(id, 5173)).status).toBe(502)
  const system = { kind: 'system', id: 'preview' }
  await expect
    .poll(() => told(id))
    .toEqual([
      [system, 'local', 'ready', 'node server.js'],
      [system, 'local', 'ended', 'A person stopped it.'],
    ])
})

test('pages without a server are served', async () => {
  const id = await session({ 'index.html': '<h1>Sundial</h1>', 'about/index.html': 'about' })
  await start(id)
  await becomes(id, 'ready')
  expect(await look(id, 4173)).toMatchObject({ status: 200, text: '<h1>Sundial</h1>' })
  await expect.poll(() => told(id)).toMatchObject([[{}, 'local', 'ready', 'index.html']])
  await stop(id)
})

test.each([
  ['a command that ends', { command: 'echo no such module >&2; exit 3' }, 'ended with exit code 3', 'no such module'],
  ['nothing to start', {}, 'Nothing says how this project is started', ''],
])('%s is a failure with its reason and what was printed', async (_, body, reason, tail) => {
  const id = await session({})
  await start(id, body)
  await becomes(id, 'failed')
  const { local, sandbox } = await previews(id)
  expect([local.reason, local.tail, sandbox]).toEqual([expect.stringContaining(reason), expect.stringContaining(tail), 'asleep'])
  await expect.poll(async () => (await told(id)).length).toBe(1)
})

test('the agent comes first: its preview gives way, says so, and comes back when it rests', async () => {
  const id = await session({ 'server.js': serve(8080) })
  await start(id, { command: 'node server.js', port: 8080 })
  await becomes(id, 'ready')
  const lease = await api.db.store.leases.claimSession({ sessionId: id, workerId: 'worker' })
  // As the worker does, which ends what is open in this work tree.
  const agents: Sandbox = await bench.create({ workspace: id })
  await becomes(id, 'waiting')
  expect((await previews(id)).local).toMatchObject({ waitsFor: 'waiting for the agent, which works in this sandbox now' })
  await agents.close({ deleteWorkspace: false })
  await api.db.store.leases.release(lease as NonNullable<typeof lease>, {
    atHead: (await api.db.store.sessions.get(id))?.head ?? 0,
    wakeInMs: null,
  })
  await becomes(id, 'ready')
  await stop(id)
})

test('after a roll-back it shows the tree of then', async () => {
  const id = await session({ 'index.html': 'what came later' })
  await api.db.append(id, [
    { type: 'checkpoint-created', checkpoint: 'c'.repeat(40), treeHash: 'c'.repeat(40), callId: 'c', ms: 1 },
    { type: 'stop-requested', reason: 'x' },
    { type: 'session-finished', outcome: 'stopped', summary: 'x' },
  ])
  await start(id)
  await becomes(id, 'ready')
  expect((await look(id, 4173)).text).toBe('what came later')
  trees.set(id, { 'index.html': 'what was there before' })
  expect(await api.call('POST', `/api/v1/sessions/${id}/rollback`, { seq: 9 })).toMatchObject({ status: 202 })
  await expect.poll(async () => (await look(id, 4173)).text).toBe('what was there before')
  await becomes(id, 'ready')
  await stop(id)
})

test('one that kills its own sandbox is not started for ever', async () => {
  const id = await session({})
  await start(id, { command: 'sleep 0.2; kill -9 $PPID; sleep 9' })
  await becomes(id, 'failed')
  expect((await previews(id)).local.reason).toContain('again and again')
})

test('three at a time are enough for one person', async () => {
  const ids = await Promise.all([session({}), session({}), session({}), session({})])
  for (const id of ids.slice(0, 3)) expect((await start(id, { command: 'sleep 60' })).status).toBe(202)
  expect((await start(ids[3] as string, { command: 'sleep 60' })).status).toBe(409)
  for (const id of ids) await stop(id)
})
