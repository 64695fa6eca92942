// What the server answers beside its contract: signing in, for which nobody needs to be known, and the boards over the
// Model Context Protocol. Whatever is sent: an answer in time, never a 500, nobody let in.

import { safePath } from '@slipway/server/auth/safe-path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlineMs } from '../effort.ts'
import { expectRefusal, openSender, type Send } from './ask-server.ts'
import { fuzz, within } from './fuzz.ts'
import { openFuzzServer, type FuzzServer } from './fuzz-server.ts'
import { hostileJson, hostilePath, hostileText } from './hostile-values.ts'
import { requestsFor, type Description, type HttpRequest } from './http-requests.ts'

let server: FuzzServer
let send: Send
beforeAll(async () => {
  server = await openFuzzServer()
  send = openSender(server)
})
afterAll(() => server.close())

const testMs = deadlineMs({ short: 120_000, long: 60 * 60_000 })
const answerMs = 15_000

const linkBody = {
  type: 'object',
  required: ['email'],
  properties: { email: { type: 'string', format: 'email' }, next: { type: 'string' } },
}
const tokenBody = { type: 'object', required: ['token'], properties: { token: { type: 'string', minLength: 1 }, next: { type: 'string' } } }
const json = (schema: object) => ({ requestBody: { content: { 'application/json': { schema } } } })
const query = (...names: string[]) => ({ parameters: names.map((name) => ({ name, in: 'query' as const, schema: { type: 'string' } })) })

const signIn: Description = {
  paths: {
    '/api/auth/ways': { get: { operationId: 'ways' } },
    '/api/auth/sign-in/magic-link': { post: { operationId: 'askForLink', ...json(linkBody) } },
    '/api/auth/magic-link/verify': {
      get: { operationId: 'followLink', ...query('token', 'next') },
      post: { operationId: 'confirmLink', ...json(tokenBody) },
    },
    '/api/auth/sign-in/google': {
      post: { operationId: 'beginGoogle', ...json({ type: 'object', properties: { next: { type: 'string' } } }) },
    },
    '/api/auth/callback/google': { get: { operationId: 'finishGoogle', ...query('code', 'state', 'error', 'error_description') } },
    '/api/auth/sign-out': { post: { operationId: 'signOut' } },
    // The sign-in library has many more routes; none of them may be reached.
    '/api/auth/{route}': { get: { operationId: 'libraryRead' }, post: { operationId: 'libraryWrite', ...json({ type: 'object' }) } },
  },
}

test('signing in answers anything with a result, a way back or a refusal that says what to do, and lets nobody in', {
  timeout: testMs,
}, async () => {
  const hints = {
    email: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('ada@example.org', 'ADA@example.org', 'eve@example.org') },
      { weight: 1, arbitrary: fc.constantFrom('a@b', 'ada@exämple.org') },
      { weight: 1, arbitrary: hostileText },
    ),
    next: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('/', '/sessions?x=1', '/%0d%0ax:y') },
      { weight: 1, arbitrary: fc.constantFrom('//evil.example', '/\\evil.example', 'https://evil.example') },
      { weight: 1, arbitrary: hostilePath },
    ),
    'auth/': fc.constantFrom(
      'get-session',
      'list-sessions',
      'update-user',
      'sign-up/email',
      'change-email',
      'delete-user',
      'ok',
      'error',
      'reference',
    ),
  }
  const cookie = fc.option(fc.oneof(hostileText, fc.constantFrom('x', 'a.b', '%')), { freq: 3 })
  const each = [...requestsFor(signIn, hints).values()].map((given) => fc.record({ given, cookie }))
  const counts = new Map<number, number>()
  await fuzz({ name: 'signing in', short: 250, long: 10_000, shortMs: 8_000 }, fc.oneof(...each), async ({ given, cookie: text }) => {
    const answer = await within(answerMs, `${given.method} ${given.path.slice(0, 200)}`, send(asStranger(given, text)))
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
    expect(answer.status).toBeLessThan(500)
    if (answer.status >= 400) expectRefusal(answer, given.method)
    if (answer.location !== null) expect([answer.location, safePath(answer.location)]).toEqual([answer.location, answer.location])
  })
  console.log(
    `signing in: ${[...counts]
      .toSorted()
      .map(([status, times]) => `${status} × ${times}`)
      .join(', ')}`,
  )
  // A link was asked for and shown many times; none was followed, for nobody could guess one.
  const { rows } = await server.running.runtime.store.database.pool.query('select 1 from auth.session')
  expect(rows).toEqual([])
})

/** Without the token that `send` would add, and with a session's cookie that nobody was given. */
function asStranger(given: HttpRequest, cookie: string | null): HttpRequest {
  const value = encodeURIComponent((cookie ?? '').toWellFormed()).slice(0, 2_000)
  return {
    ...given,
    headers: { ...given.headers, authorization: '', ...(cookie === null ? {} : { cookie: `slipway.session_token=${value}` }) },
  }
}

test('the boards over MCP answer anything, end each answer, and store nothing', { timeout: testMs }, async () => {
  const before = await server.stored()
  const uri = fc.oneof(
    fc.constantFrom(server.repository, 'owner/name').map((repository) => `slipway://board/${encodeURIComponent(repository)}`),
    fc.constantFrom('slipway://board/%zz', 'slipway://board/', 'slipway://board/a/b', 'file:///etc/passwd', 'slipway://other/x', '::'),
    hostilePath.map((path) => `slipway://board/${encodeURIComponent(path.toWellFormed())}`),
    hostileText,
  )
  const call = fc.record({
    jsonrpc: fc.constantFrom('2.0', '2.0', '2.0', '1.0'),
    id: fc.oneof(fc.constantFrom(1, 'a', 0), hostileJson),
    method: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('resources/list', 'resources/read', 'resources/templates/list', 'initialize', 'ping', 'tools/call'),
      },
      { weight: 1, arbitrary: hostileText },
    ),
    params: fc.oneof(
      { weight: 4, arbitrary: fc.record({ uri }) },
      { weight: 1, arbitrary: fc.constant({ protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } }) },
      { weight: 1, arbitrary: hostileJson },
    ),
  })
  const body = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({
        jsonrpc: fc.constant('2.0'),
        id: fc.nat(),
        method: fc.constant('resources/read'),
        params: fc.record({ uri }),
      }),
    },
    { weight: 6, arbitrary: call },
    { weight: 1, arbitrary: fc.array(call, { maxLength: 3 }) },
    { weight: 1, arbitrary: hostileJson },
  )
  const accept = fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json, text/event-stream') },
    { weight: 1, arbitrary: fc.constantFrom('application/json', 'text/event-stream', '*/*', '') },
  )
  const method = fc.oneof(
    { weight: 10, arbitrary: fc.constant('POST') },
    { weight: 1, arbitrary: fc.constantFrom('GET', 'DELETE', 'PUT', 'HEAD') },
  )
  let read = 0
  await fuzz({ name: 'mcp', short: 200, long: 10_000, shortMs: 8_000 }, fc.record({ body, accept, method }), async (given) => {
    const answer = await within(
      answerMs,
      `${given.method} /api/v1/mcp`,
      send({
        method: given.method,
        path: '/api/v1/mcp',
        headers: { accept: given.accept, 'content-type': 'application/json' },
        body: given.method === 'GET' || given.method === 'HEAD' ? null : Buffer.from(JSON.stringify(given.body) ?? ''),
      }),
    )
    expect(answer.status).toBeLessThan(500)
    expect(answer.text).not.toMatch(/\\n\s+at |node_modules|TypeError|RangeError/)
    if (answer.text.includes('"contents"')) read++
  })
  console.log(`mcp: ${read} boards were read`)
  expect(read).toBeGreaterThan(0)
  expect(await server.stored()).toEqual(before)
})
