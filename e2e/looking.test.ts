// What the pages about a session are made of, through the API: files and changes at any moment, outputs, roll-back, search.
// The API runs in a process of its own, so nothing comes from a sandbox that happens to be open.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome, type Run } from '../apps/cli/src/testing/cli-process.ts'
import { freePort } from './free-port.ts'

let cli: CliHome
let base: string
let token: string
const running: Run[] = []

beforeAll(async () => {
  cli = await openCliHome()
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  const settings = { PORT: String(port), SLIPWAY_SANDBOX: 'bubblewrap' }
  const api = cli.start(['up'], { ...settings, SLIPWAY_ROLE: 'api' })
  running.push(api)
  await api.until(base)
  running.push(cli.start(['worker'], settings))
  token = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
})
afterAll(async () => {
  for (const run of running) run.child.kill('SIGTERM')
  await Promise.all(running.map((run) => run.exited))
  await cli.close()
})

/** Read loosely: the server checks its answers against the contract. */
type Json = any // oxlint-disable-line typescript/no-explicit-any

interface Answer {
  status: number
  body: Json
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const get = async (path: string): Promise<Json> => (await call('GET', path)).body

/** The session's events once it rests. */
async function atRest(id: string, finishes: number): Promise<{ seq: number; body: Json }[]> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/sessions/${id}/stream?after=0`, ['slipway', `bearer.${token}`])
  const events: { seq: number; body: Json }[] = []
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the stream broke')))
    socket.addEventListener('message', ({ data }) => {
      const { event } = JSON.parse(String(data)) as { event?: { seq: number; body: Json } }
      if (event) events.push(event)
      if (events.filter(({ body }) => body.type === 'session-finished').length < finishes) return
      socket.close()
      resolve(events)
    })
  })
}

const bash = (command: string) => ({ tool_calls: [{ name: 'bash', input: { command } }] })
const finish = { tool_calls: [{ name: 'finish', input: { outcome: 'unverified', summary: 'Carved.' } }] }

test('files, changes and outputs are there for every moment, and a roll-back is what the next turn finds', async () => {
  const model = await cli.script('carve', [
    bash(`printf 'one\\ntwo\\n' > dial.txt; seq 1 20000`),
    bash(`printf 'one\\nthree\\n' > dial.txt; mkdir -p 'deep er'; printf '\\0' > 'deep er/bin'; mv greeting.txt Hail.md`),
    // The first one is answered with a question about uncommitted work.
    finish,
    finish,
    bash('cat dial.txt; ls'),
    finish,
    finish,
  ])
  const created = await call('POST', '/sessions', { task: 'Carve a quux dial', repository: cli.repository, model, autonomy: 'auto' })
  const id = String(created.body.id)
  const events = await atRest(id, 1)
  const checkpoints = events.filter(({ body }) => body.type === 'checkpoint-created').map(({ seq }) => seq)
  const [early, late] = checkpoints.slice(-2) as [number, number]

  const now = await get(`/sessions/${id}/files`)
  expect(now.files.filter((file: Json) => file.status !== null).map((file: Json) => [file.path, file.status])).toEqual([
    ['Hail.md', 'renamed'],
    ['deep er/bin', 'added'],
    ['dial.txt', 'added'],
  ])
  expect((await get(`/sessions/${id}/file?path=dial.txt`)).text).toBe('one\nthree\n')
  expect((await get(`/sessions/${id}/file?path=dial.txt&at=${early}`)).text).toBe('one\ntwo\n')
  expect(await get(`/sessions/${id}/file?path=deep%20er%2Fbin`)).toMatchObject({ isBinary: true, text: '', bytes: 1 })
  expect((await call('GET', `/sessions/${id}/file?path=dial.txt&at=base`)).status).toBe(404)
  expect((await call('GET', `/sessions/${id}/file?path=..%2F..%2Fetc%2Fpasswd`)).status).toBe(404)

  const turn = await get(`/sessions/${id}/changes?from=${early}&to=now`)
  expect(turn.files.find((file: Json) => file.path === 'dial.txt')).toMatchObject({
    status: 'changed',
    added: 1,
    removed: 1,
    patch: expect.stringContaining('-two\n+three\n'),
  })
  expect((await get(`/sessions/${id}/changes`)).files.map((file: Json) => [file.path, file.oldPath, file.added])).toEqual([
    ['Hail.md', 'greeting.txt', 0],
    ['deep er/bin', null, 0],
    ['dial.txt', null, 2],
  ])
  expect((await get(`/sessions/${id}/changes?from=${late}&to=now`)).files).toEqual([])

  const printed = events.find(({ body }) => body.type === 'tool-finished' && body.blob !== null)?.body
  const output = await get(`/sessions/${id}/outputs/${printed.blob}`)
  expect([output.text.includes('\n1\n2\n'), output.text.trim().endsWith('\n20000'), output.next]).toEqual([true, true, null])
  expect((await call('GET', `/sessions/${id}/outputs/${'0'.repeat(64)}`)).status).toBe(404)

  expect((await get(`/sessions/${id}/events?before=4&limit=2`)).events.map((event: Json) => event.seq)).toEqual([2, 3])
  expect((await get(`/sessions/${id}/events?before=2147483647&limit=3`)).events.at(-1).seq).toBe(events.length)

  expect((await call('POST', `/sessions/${id}/rollback`, { seq: 1 })).status).toBe(400)
  expect((await call('POST', `/sessions/${id}/rollback`, { seq: early })).status).toBe(202)
  expect((await get(`/sessions/${id}/file?path=dial.txt`)).text).toBe('one\ntwo\n')
  await call('POST', `/sessions/${id}/messages`, { text: 'Look again.' })
  const after = (await atRest(id, 2)).findLast(({ body }) => body.type === 'tool-finished' && String(body.output).includes('one'))?.body
  expect([after.output.includes('two'), after.output.includes('Hail.md'), after.output.includes('greeting.txt')]).toEqual([
    true,
    false,
    true,
  ])
})

test('a session is found by its words, renamed, put away and judged', async () => {
  const model = await cli.script('short', [finish])
  const { body } = await call('POST', '/sessions', { task: 'Polish the gnomon', repository: cli.repository, model, autonomy: 'auto' })
  const id = String(body.id)
  const events = await atRest(id, 1)
  const found = await get('/search?q=polish%20gnom')
  expect(found).toMatchObject({ isComplete: true, hits: [{ sessionId: id, kind: 'task' }] })
  expect((await get('/search?q=astrolabe')).hits).toEqual([])
  expect((await call('PATCH', `/sessions/${id}`, { title: 'Gleaming', isArchived: true })).body).toMatchObject({
    title: 'Gleaming',
    isArchived: true,
  })
  expect(await get(`/sessions/${id}`)).toMatchObject({ isArchived: true })
  expect((await get('/sessions')).sessions.map((row: Json) => row.id)).not.toContain(id)
  expect((await get('/sessions?archived=yes')).sessions.map((row: Json) => [row.id, row.title, row.need])).toEqual([
    [id, 'Gleaming', 'done'],
  ])
  expect((await call('POST', `/sessions/${id}/feedback`, { seq: 1, verdict: 'down', reason: 'dull' })).status).toBe(202)
  expect((await call('POST', `/sessions/${id}/feedback`, { seq: 9_999, verdict: 'up' })).status).toBe(400)
  expect((await get(`/sessions/${id}/events?after=${events.length}`)).events.map((event: Json) => event.body.type)).toEqual([
    'session-renamed',
    'feedback-given',
  ])
})
