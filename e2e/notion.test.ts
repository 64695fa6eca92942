// From "Ready" in Notion to a verified change request and back: real processes, real git, a real sandbox, a scripted model. Two
// processes poll, and both are killed while the result is being written to the page.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome, type Run } from '../apps/cli/src/testing/cli-process.ts'
import { type NotionDouble, startNotionDouble } from './doubles/notion/start-notion-double.ts'
import { freePort } from './free-port.ts'
import { createSampleProject } from './sample-projects/create-sample-project.ts'

const token = 'ntn_end-to-end-token-0001'
let cli: CliHome
let notion: NotionDouble
let base: string
let settings: Record<string, string>
let running: Run[] = []

beforeAll(async () => {
  cli = await openCliHome()
  notion = await startNotionDouble({ token })
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  settings = {
    PORT: String(port),
    SLIPWAY_SANDBOX: 'bubblewrap',
    SLIPWAY_PUBLIC_URL: base,
    NOTION_API_URL: notion.url,
    NOTION_TOKEN: token,
    SLIPWAY_NOTION_POLL_SECONDS: '1',
    SLIPWAY_LEASE_SECONDS: '3',
  }
  await startBoth()
}, 180_000)
afterAll(async () => {
  for (const run of running) run.child.kill('SIGTERM')
  await Promise.all(running.map((run) => run.exited))
  await notion.close()
  await cli.close()
})

/** The server with its worker, and a worker in a process of its own. */
async function startBoth(): Promise<void> {
  const server = cli.start(['up'], settings)
  running = [server]
  await server.until(base)
  running.push(cli.start(['worker'], settings))
}

async function killBoth(): Promise<void> {
  for (const run of running) run.child.kill('SIGKILL')
  await Promise.all(running.map((run) => run.exited))
}

async function api(method: string, path: string, body?: unknown) {
  const key = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
  const answer = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const json: ReturnType<typeof JSON.parse> = await answer.json()
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(json)}`)
  return json
}

/** Asks again until the condition holds; the test's own deadline ends it. */
async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

function only<T extends EventType>(events: SessionEvent[], type: T): EventOf<T>[] {
  return events.map(({ body }) => body).filter((body): body is EventOf<T> => body.type === type)
}

test('a ready page becomes a verified change request, told to the page exactly once although everybody dies while it is told', async () => {
  const project = await createSampleProject('c', join(cli.home, '..', 'from-notion'))
  const model = await cli.script('from-notion', project.script.steps)
  const tasks = notion.addDatabase('Tasks', {
    Name: 'title',
    State: { type: 'status', options: ['Ready', 'In Progress', 'In Review', 'Blocked', 'Done'] },
    'Pull request': 'url',
    Cost: 'number',
    Summary: 'rich_text',
  })
  await api('POST', '/api/v1/notion/connections', {
    databaseId: tasks.databaseId,
    defaults: { repository: project.path, model, autonomy: 'auto', checks: project.checks },
  })
  const died = new Promise<void>((resolve, reject) => {
    // The comment is there, its answer is not, and whoever waits for it is gone.
    const run = () => killBoth().then(resolve, reject)
    notion.fail({ method: 'POST', path: /\/comments$/, fault: { kind: 'meanwhile', when: 'after', run } })
  })
  const pageId = notion.addPage(tasks.dataSourceId, { Name: project.task, State: 'Ready' }, [
    { type: 'paragraph', content: { rich_text: [{ type: 'text', plain_text: 'See the failing test.', href: null }] } },
  ])

  await died
  expect(notion.comments(pageId)).toHaveLength(1)
  await startBoth()
  const { sessionId } = await api('GET', `/api/notion/tasks/${pageId}`)
  const linked = () => api('GET', `/api/v1/sessions/${sessionId}/notion`)
  await until(linked, ({ page }) => page.status === 'In Review')

  const { events } = (await api('GET', `/api/v1/sessions/${sessionId}/events?limit=1000`)) as { events: SessionEvent[] }
  expect(only(events, 'session-created')[0]?.task).toEqual({ text: project.task, source: { kind: 'notion', ref: pageId } })
  expect(only(events, 'context-added')[0]).toMatchObject({
    origin: 'notion page',
    trust: 'untrusted',
    text: expect.stringContaining('See the failing test.'),
  })
  expect(only(events, 'session-finished')).toMatchObject([{ outcome: 'verified' }])
  const [change] = only(events, 'change-request-opened')
  const [pushed] = only(events, 'branch-pushed')
  const branch = await promisify(execFile)('git', ['-C', project.path, 'rev-parse', `refs/heads/${pushed?.branch}`])
  expect(branch.stdout.trim()).toBe(pushed?.oid)

  expect(notion.shown(pageId)).toMatchObject({ State: 'In Review', 'Pull request': change?.url, Cost: '0' })
  const [comment, ...more] = notion.comments(pageId)
  expect(more).toEqual([])
  for (const part of [
    'Every check passed',
    change?.url,
    `${project.checks[0]}: exit code 0`,
    'Cost: $0.0000',
    `${base}/sessions/${sessionId}`,
  ])
    expect(comment?.text).toContain(part)
  expect(notion.writes.filter(({ kind }) => kind === 'update').map(({ values }) => values['State'])).toEqual(['In Progress', 'In Review'])
  expect(only(events, 'write-back-done').map(({ target }) => target)).toEqual(['Notion: In Progress', 'Notion: In Review'])
  expect((await api('GET', '/api/v1/sessions')).sessions).toHaveLength(1)
  expect(JSON.stringify(events)).not.toContain(token)
}, 180_000)
