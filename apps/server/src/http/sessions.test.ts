import { afterAll, beforeAll, expect, test } from 'vitest'
import { message } from '../testing/test-store.ts'
import { openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ environment: { SLIPWAY_MODEL: 'scripted/test.yaml' } })
})
afterAll(() => api.close())

const wanted = { task: 'Fix the clock\nIt is late.', repository: '/srv/clock', checks: ['make test'], budgetUsd: 0.5 }

test('a session is created from a task and a repository, and shown with everything that was asked for', async () => {
  const { status, body, headers } = await api.call('POST', '/api/v1/sessions', wanted)
  expect(status).toBe(201)
  expect(headers.get('location')).toBe(`/api/v1/sessions/${body.id}`)
  expect(body).toMatchObject({
    title: 'Fix the clock',
    status: 'queued',
    outcome: null,
    task: wanted.task,
    source: 'api',
    model: 'scripted/test.yaml',
    autonomy: 'plan',
    checks: ['make test'],
    repository: { url: '/srv/clock', forge: 'local', slug: null, base: null },
    cost: { micros: 0, limitMicros: 500_000 },
    plan: null,
    ask: null,
    head: 1,
  })
  expect((await api.call('GET', `/api/v1/sessions/${body.id}`)).body).toEqual(body)
  expect((await api.db.store.sessions.get(body.id))?.wakeAt).not.toBe(null)
})

test('the same Idempotency-Key makes one session, also when the requests run at the same time, and refuses another request', async () => {
  const headers = { 'idempotency-key': 'once' }
  const answers = await Promise.all(Array.from({ length: 8 }, () => api.call('POST', '/api/v1/sessions', wanted, headers)))
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201))
  const other = await api.call('POST', '/api/v1/sessions', { ...wanted, task: 'Something else' }, headers)
  expect([other.status, other.body.error.code]).toEqual([409, 'conflict'])
})

test.each([
  ['no task', { repository: '/srv/clock' }],
  ['an empty task', { ...wanted, task: '  ' }],
  ['an unknown field', { ...wanted, owner: 'me' }],
  ['a model without a provider', { ...wanted, model: 'gpt' }],
  ['a negative budget', { ...wanted, budgetUsd: -1 }],
  ['a relative path', { ...wanted, repository: '../clock' }],
  ['a repository with a credential', { ...wanted, repository: ['https://user:', 'hunter2hunter2', '@github.com/a/b'].join('') }],
  ['no JSON', '{"task":'],
])('%s is refused with a message that says so', async (_name, body) => {
  const answer = await api.call('POST', '/api/v1/sessions', body)
  expect(answer.status).toBe(400)
  expect(answer.body).toEqual({ error: { code: 'usage', message: expect.any(String), requestId: expect.any(String) } })
  expect(answer.body.error.message).not.toContain('hunter2')
})

test('a model that cannot be used says what is missing, and a body that is too large is refused', async () => {
  const keyless = await api.call('POST', '/api/v1/sessions', { ...wanted, model: 'anthropic/claude' })
  expect([keyless.status, keyless.body.error.code]).toEqual([422, 'not-configured'])
  const large = await api.call('POST', '/api/v1/sessions', { ...wanted, task: 'x'.repeat(1_100_000) })
  expect([large.status, large.body.error.code]).toEqual([413, 'too-large'])
})

test('sessions are listed page by page, newest first, and only those of the person', async () => {
  const own = await openTestApi()
  try {
    const ids = []
    for (let at = 0; at < 5; at++) ids.unshift(await own.db.create())
    await own.db.create({ ownerId: 'somebody-else' })
    const seen = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { sessions: { id: string }[]; next: string | null } = (
        await own.call('GET', `/api/v1/sessions?limit=2${cursor && `&cursor=${cursor}`}`)
      ).body
      seen.push(...page.sessions.map((session) => session.id))
      cursor = page.next
    }
    expect(seen).toEqual(ids)
    expect((await own.call('GET', '/api/v1/sessions?status=done')).body.sessions).toEqual([])
    expect((await own.call('GET', '/api/v1/sessions?limit=0')).status).toBe(400)
  } finally {
    await own.close()
  }
})

test('an unknown id and a foreign one answer the same on every route', async () => {
  const foreign = await api.db.create({ ownerId: 'somebody-else' })
  const requests = [
    ['GET', ''],
    ['GET', '/events'],
    ['GET', '/usage'],
    ['GET', '/export'],
    ['GET', '/diff'],
    ['DELETE', ''],
    ['POST', '/resume'],
    ['POST', '/messages', { text: 'hi' }],
    ['POST', '/answers', { askId: 'a', decision: 'approve' }],
    ['POST', '/fork', { atSeq: 1 }],
  ] as const
  for (const [method, path, body] of requests) {
    const answers = await Promise.all([foreign, 'nothing'].map((id) => api.call(method, `/api/v1/sessions/${id}${path}`, body)))
    for (const answer of answers) expect([path, answer.status, answer.body.error.code]).toEqual([path, 404, 'not-found'])
  }
  expect((await api.call('GET', '/api/v1/sessions/..%2f..')).status).toBe(400)
})

test('events are read after a cursor', async () => {
  const id = await api.db.create()
  await api.db.append(id, [message('one'), message('two'), message('three')])
  const { body } = await api.call('GET', `/api/v1/sessions/${id}/events?after=1&limit=2`)
  expect(body.head).toBe(4)
  expect(body.events.map((event: { seq: number; body: unknown }) => [event.seq, event.body])).toEqual([
    [2, message('one')],
    [3, message('two')],
  ])
})

test('people speak: message, answer, stop, resume', async () => {
  const id = await api.db.create()
  expect((await api.call('POST', `/api/v1/sessions/${id}/messages`, { text: 'Use tabs' })).body).toEqual({ seq: 2 })
  await api.db.append(id, [
    { type: 'human-asked', askId: 'a1', kind: 'budget', question: 'More?', options: [], callId: null, effect: null, expiresAt: null },
  ])
  expect((await api.call('POST', `/api/v1/sessions/${id}/answers`, { askId: 'a1', decision: 'approve', budgetUsd: 7.5 })).body).toEqual({
    seq: 4,
  })
  expect((await api.call('GET', `/api/v1/sessions/${id}`)).body.cost.limitMicros).toBe(7_500_000)
  expect((await api.call('DELETE', `/api/v1/sessions/${id}`)).body).toEqual({ seq: 5 })
  expect((await api.call('DELETE', `/api/v1/sessions/${id}`)).body).toEqual({ seq: null })
  expect((await api.call('GET', `/api/v1/sessions/${id}`)).body.status).toBe('stopping')
  expect((await api.call('POST', `/api/v1/sessions/${id}/resume`)).body).toEqual({ seq: 6 })
})

test('a fork is a session of its own', async () => {
  const id = await api.db.create()
  await api.db.append(id, [message('one')])
  const { status, body } = await api.call('POST', `/api/v1/sessions/${id}/fork`, { atSeq: 1, model: 'scripted/other.yaml' })
  expect([status, body.head, body.model]).toEqual([201, 3, 'scripted/other.yaml'])
  expect(body.id).not.toBe(id)
})

test('an export in Markdown cannot smuggle in markup, and one in JSON has every event', async () => {
  const id = await api.db.create({
    title: '![x](https://evil.test/?q=1) <img src=x>',
    task: { text: '# Not a heading', source: { kind: 'api', ref: null } },
  })
  await api.db.append(id, [message('```\n# out of the fence')])
  const markdown = await api.call('GET', `/api/v1/sessions/${id}/export`)
  expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(markdown.headers.get('content-disposition')).toContain('attachment')
  expect(markdown.body).not.toMatch(/(?<!\\)!\[|(?<!\\)<img|^#+ Not a heading|^# out/m)
  const json = await api.call('GET', `/api/v1/sessions/${id}/export?format=json`)
  expect(json.body.events).toHaveLength(2)
})

test('usage is added up by model and role', async () => {
  const id = await api.db.create()
  const usage = { inputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 5, reasoningTokens: 0 }
  for (const callId of ['c1', 'c2']) {
    await api.db.append(id, [
      {
        type: 'model-requested',
        callId,
        role: 'code',
        model: 'anthropic/x',
        attempt: 1,
        promptSha: 's',
        reservedMicros: 100,
        forCallId: null,
      },
      {
        type: 'model-responded',
        callId,
        content: [],
        finish: 'stop',
        usage,
        costMicros: 70,
        priceBook: '2026-11-01',
        firstTokenMs: 1,
        ms: 2,
      },
    ])
  }
  const { body } = await api.call('GET', `/api/v1/sessions/${id}/usage`)
  expect(body.byModel).toEqual([
    { model: 'anthropic/x', role: 'code', calls: 2, failedCalls: 0, costMicros: 140, inputTokens: 20, outputTokens: 10 },
  ])
  expect(body.cost).toMatchObject({ micros: 140, calls: 2, isLowerBound: false })
  const all = await api.call('GET', '/api/v1/usage')
  expect(all.body.costMicros).toBeGreaterThanOrEqual(140)
})

test('routines are made, listed, paused and deleted; a timetable that makes no sense is refused', async () => {
  const made = await api.call('POST', '/api/v1/routines', {
    name: 'nightly',
    cron: '0 3 * * *',
    timeZone: 'Europe/Vienna',
    session: wanted,
  })
  expect(made.status).toBe(201)
  expect((await api.call('PATCH', `/api/v1/routines/${made.body.id}`, { isPaused: true })).body).toEqual({ ...made.body, isPaused: true })
  expect((await api.call('GET', '/api/v1/routines')).body.routines).toEqual([{ ...made.body, isPaused: true }])
  expect((await api.call('DELETE', `/api/v1/routines/${made.body.id}`)).status).toBe(200)
  expect((await api.call('DELETE', `/api/v1/routines/${made.body.id}`)).status).toBe(404)
  expect((await api.call('POST', '/api/v1/routines', { name: 'never', cron: '99 3 * * *', session: wanted })).status).toBe(400)
  expect(
    (await api.call('POST', '/api/v1/routines', { name: 'nowhere', cron: '0 3 * * *', timeZone: 'Moon/Base', session: wanted })).status,
  ).toBe(400)
})

test('models, description, health, readiness and metrics answer', async () => {
  expect(
    (await api.call('GET', '/api/v1/models')).body.roles.map((role: { model: string; isReady: boolean }) => [role.model, role.isReady]),
  ).toEqual(Array(5).fill(['scripted/test.yaml', true]))
  expect((await api.call('GET', '/api/v1/openapi.json')).body.openapi).toBe('3.1.0')
  expect(await fetch(`${api.url}/health`).then((response) => response.json())).toEqual({ status: 'alive', version: '0.1.0' })
  expect(await fetch(`${api.url}/readiness`).then((response) => response.json())).toMatchObject({
    status: 'ready',
    checks: { database: { ok: true }, queue: { ok: true }, sandbox: { ok: true } },
  })
  expect(await fetch(`${api.url}/metrics`).then((response) => response.text())).toMatch(
    /slipway_sessions\{status="running"\} \d+[\s\S]*slipway_events_total|slipway_events_total[\s\S]*slipway_sessions\{status="running"\} \d+/,
  )
})

test('nothing answers an unknown path, and it says where to look', async () => {
  expect((await api.call('GET', '/api/v1/nothing')).body.error).toMatchObject({ code: 'not-found' })
})

test('the mode of a session is changed at any time, said once in its log, and shown with what it means', async () => {
  const { id } = (await api.call('POST', '/api/v1/sessions', wanted)).body
  const change = (autonomy: string) => api.call('PATCH', `/api/v1/sessions/${id}`, { autonomy })
  expect((await change('auto')).body).toMatchObject({ id, autonomy: 'auto', head: 2 })
  expect((await change('auto')).body).toMatchObject({ autonomy: 'auto', head: 2 })
  const { events } = (await api.call('GET', `/api/v1/sessions/${id}/events`)).body
  expect(events.at(-1)).toMatchObject({ actor: { kind: 'person' }, body: { type: 'autonomy-changed', autonomy: 'auto' } })
  const safety = (await api.call('GET', `/api/v1/sessions/${id}/safety`)).body
  expect(safety).toMatchObject({ autonomy: 'auto', meaning: expect.stringContaining('without asking') })
  expect((await change('yolo')).status).toBe(400)
})
