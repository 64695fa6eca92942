// The HTTP door: an API process, two worker processes apart from it, and one viewer on the WebSocket. Real processes, one shared home.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome, type Run } from '../apps/cli/src/testing/cli-process.ts'
import type { DoubleReply } from './doubles/models/brain.ts'
import { environmentFor } from './doubles/models/environment.ts'
import { startModelDouble, type ModelDouble } from './doubles/models/server.ts'
import { freePort } from './free-port.ts'
import { createSampleProject } from './sample-projects/create-sample-project.ts'

let cli: CliHome
let base: string
let token: string
let provider: ModelDouble
let reply: DoubleReply
let providersModel: string
const running: Run[] = []

beforeAll(async () => {
  cli = await openCliHome()
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  provider = await startModelDouble({ api: 'anthropic', brain: () => reply })
  const { variables, model } = environmentFor('anthropic', provider)
  providersModel = model
  const settings = { ...variables, PORT: String(port), SLIPWAY_SANDBOX: 'bubblewrap' }
  const api = cli.start(['up'], { ...settings, SLIPWAY_ROLE: 'api' })
  running.push(api)
  await api.until(base)
  running.push(cli.start(['worker'], settings), cli.start(['worker'], settings))
  token = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
})
afterAll(async () => {
  for (const run of running) run.child.kill('SIGTERM')
  await Promise.all(running.map((run) => run.exited))
  await provider.close()
  await cli.close()
})

const authorization = () => ({ authorization: `Bearer ${token}` })

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method: 'POST',
    headers: { ...authorization(), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBeLessThan(300)
  return (await answer.json()) as Record<string, unknown>
}

/** Follows the stream until `isDone`, and returns the events and the text of all deltas by call. */
function watch(id: string, isDone: (event: SessionEvent) => boolean): Promise<{ events: SessionEvent[]; texts: Map<string, string> }> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/sessions/${id}/stream?after=0`, ['slipway', `bearer.${token}`])
  const events: SessionEvent[] = []
  const texts = new Map<string, string>()
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the stream broke')))
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as {
        type: string
        event?: SessionEvent
        delta?: { callId: string; channel: string; offset: number; text: string }
      }
      if (message.delta?.channel === 'text') {
        const before = texts.get(message.delta.callId) ?? ''
        texts.set(message.delta.callId, before.slice(0, message.delta.offset) + message.delta.text)
      }
      if (!message.event) return
      events.push(message.event)
      if (!isDone(message.event)) return
      socket.close()
      resolve({ events, texts })
    })
  })
}

async function createSession(name: string, more: Record<string, unknown> = {}): Promise<string> {
  const project = await createSampleProject('c', join(cli.home, '..', name))
  const model = await cli.script(name, project.script.steps)
  const session = await post('/sessions', {
    task: project.task,
    repository: project.path,
    model,
    autonomy: 'auto',
    checks: project.checks,
    ...more,
  })
  return String(session['id'])
}

test('a session that the API was given is driven by a worker apart from it, and watched without a gap', async () => {
  const id = await createSession('by-http')
  const { events, texts } = await watch(id, (event) => event.body.type === 'session-finished')
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.at(-1)?.body).toMatchObject({ outcome: 'verified' })
  // What was streamed is what was stored.
  for (const { body } of events) {
    if (body.type !== 'model-responded' || !texts.has(body.callId)) continue
    expect(texts.get(body.callId)).toBe(body.content.map((part) => (part.type === 'text' ? part.text : '')).join(''))
  }
  expect(texts.size).toBeGreaterThan(0)
})

test('four sessions at once are shared by two workers, and each comes to its end', async () => {
  const ids = await Promise.all(['one', 'two', 'three', 'four'].map((name) => createSession(name)))
  const ends = await Promise.all(ids.map((id) => watch(id, (event) => event.body.type === 'session-finished')))
  expect(ends.map(({ events }) => events.at(-1)?.body)).toEqual(ids.map(() => expect.objectContaining({ outcome: 'verified' })))
}, 180_000)

test('a stop through the API ends the running command within seconds', async () => {
  const model = await cli.script('sleeps', [{ tool_calls: [{ name: 'bash', input: { command: 'sleep 300' } }] }])
  const session = await post('/sessions', { task: 'wait', repository: cli.repository, model, autonomy: 'auto' })
  const id = String(session['id'])
  await watch(id, (event) => event.body.type === 'tool-started')
  const stoppedAt = Date.now()
  await fetch(`${base}/api/v1/sessions/${id}`, { method: 'DELETE', headers: authorization() })
  const { events } = await watch(id, (event) => event.body.type === 'session-finished')
  expect(events.at(-1)?.body).toMatchObject({ outcome: 'stopped' })
  // Far below the command's own time; the machine may be slow.
  expect(Date.now() - stoppedAt).toBeLessThan(30_000)
})

test.each<[string, DoubleReply]>([
  ['before it answers', { fault: { stall: true } }],
  ['in text that keeps coming', { text: 'word by word '.repeat(20_000), paceMs: 3 }],
])(
  'a stop through the API closes the socket to the provider, which another process holds, within a second: %s',
  async (_, given) => {
    reply = given
    const tookMs: number[] = []
    for (let round = 0; round < 5; round++) {
      const asked = provider.requests.length
      const session = await post('/sessions', {
        task: 'talk',
        title: 'Talk',
        repository: cli.repository,
        model: providersModel,
        autonomy: 'auto',
      })
      await expect.poll(() => provider.requests.length, { interval: 10 }).toBe(asked + 1)
      const closed = provider.nextSocketClosed().then(() => performance.now())
      const stoppedAt = performance.now()
      await fetch(`${base}/api/v1/sessions/${String(session['id'])}`, { method: 'DELETE', headers: authorization() })
      tookMs.push((await closed) - stoppedAt)
    }
    console.log(`from the request to the closed socket: ${tookMs.map(Math.round).join(', ')} ms`)
    // The middle one: a machine may be busy with something else once.
    expect(tookMs.toSorted((one, other) => one - other)[2]).toBeLessThan(1_000)
  },
  120_000,
)

test('ready, measured, and closed to strangers', async () => {
  expect((await fetch(`${base}/health`)).status).toBe(200)
  expect(await (await fetch(`${base}/readiness`)).json()).toMatchObject({ status: 'ready' })
  expect(await (await fetch(`${base}/metrics`)).text()).toContain('slipway_')
  expect((await fetch(`${base}/api/v1/sessions`)).status).toBe(401)
  expect((await fetch(`${base}/api/v1/sessions`, { headers: { ...authorization(), origin: 'https://evil.example' } })).status).toBe(403)
})
