// Whatever is sent to the API: an answer in time, never a 500, refusals in one shape with what to do, and nothing stored by them.

import { routes } from '@slipway/server/contract/routes'
import { wholePath } from '@slipway/server/contract/route'
import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import { ownChanges, probes, type Probe } from '../../attacks/every-route/probes.ts'
import { startOauthDouble, type OauthDouble } from '../../doubles/oauth/start-oauth-double.ts'
import { deadlineMs, rounds } from '../effort.ts'
import { hintsFor } from './api-hints.ts'
import { expectRefusal, openSender, type Send } from './ask-server.ts'
import { fuzz, within } from './fuzz.ts'
import { openFuzzServer, type FuzzServer } from './fuzz-server.ts'
import { makeThings } from './fuzz-things.ts'
import { requestsFor, type Description, type HttpRequest } from './http-requests.ts'

let vercel: OauthDouble
let server: FuzzServer
let description: Description
let send: Send
beforeAll(async () => {
  vercel = await startOauthDouble({ provider: 'vercel' })
  server = await openFuzzServer(vercel.environment)
  send = openSender(server)
  const answer = await send({ method: 'GET', path: '/api/v1/openapi.json', headers: {}, body: null })
  // Described by the server itself.
  description = JSON.parse(answer.text) as Description
  Object.assign(description.paths, undescribed)
})
afterAll(async () => {
  await server.close()
  await vercel.close()
})

const testMs = deadlineMs({ short: 120_000, long: 60 * 60_000 })
/** Doctor tries out the sandboxes and models of this machine, which takes its time on a busy one. */
const answerMs = (path: string): number => (path.startsWith('/api/v1/doctor') ? 60_000 : 15_000)

/** Routes that cannot answer without somebody outside, where nobody answers here, or that take nothing before they are set up. */
const asksOutside = /^\/api\/(v1\/connections|integrations|webhooks)\b/

/** What a browser and other services ask for, beside the contract. */
const undescribed: Description['paths'] = {
  '/api/integrations/{provider}/auth': { get: { operationId: 'beginConnection', parameters: [query('next')] } },
  '/api/integrations/{provider}/callback': { get: { operationId: 'finishConnection', parameters: [query('code'), query('state')] } },
  '/api/webhooks/{provider}': { post: { operationId: 'takeDelivery' } },
}

function query(name: string) {
  return { name, in: 'query' as const, schema: { type: 'string' } }
}

/** What differs here from a server whose models are only described. */
const otherwise = (model: string, repository: string): Record<string, Partial<Probe>> => ({
  ...Object.fromEntries(Object.entries(ownChanges).map(([id, body]) => [id, { body }])),
  createSession: { body: { task: 'x', repository, model } },
  createPlan: { body: { idea: 'x', repository, model } },
  // Nothing is driven in this role.
  openPreview: { status: 422 },
  startPreview: { status: 422 },
})

test('every route of the contract is reached with what exists, and answers', { timeout: testMs }, async () => {
  const { browser, ...things } = await makeThings(server, vercel)
  const changes = otherwise(server.model, server.repository)
  const surprises: unknown[] = []
  let stored = await server.stored()
  for (const [id, probe] of Object.entries(probes)) {
    const { path, body, status: wanted } = { ...probe, ...changes[id] }
    const method = routes.find((route) => route.id === id)?.method ?? ''
    const { status, body: told } = await browser.send(method, wholePath(path(things)), body)
    const isExpected = wanted === undefined ? status >= 200 && status < 300 : status === wanted
    if (!isExpected) surprises.push([id, status, told])
    const now = await server.stored()
    if (status >= 400) expect([id, now]).toEqual([id, stored])
    stored = now
  }
  expect(surprises).toEqual([])
  expect(routes.filter(({ id }) => !(id in probes)).map(({ id }) => id)).toEqual([])
})

test('every route answers anything at all with a result or a refusal that says what to do', { timeout: testMs }, async () => {
  const tried = new Map<string, Tried>()
  for (const pass of Array.from({ length: rounds({ short: 1, long: 20 }) }, (_, index) => index + 1)) {
    // What the last pass has taken away is there again.
    const { browser: _, ...things } = await makeThings(server, vercel)
    const operations = [...requestsFor(description, hintsFor(server, things))].filter(([id]) => !id.startsWith('stream'))
    const each = operations.map(([id, requests]) => requests.map((given) => ({ id, given })))
    const check = await openCheck(tried)
    await fuzz({ name: `each route once, pass ${pass}`, short: 1, long: 1, isKeptWhole: true }, fc.tuple(...each), async (all) => {
      for (const one of all) await check(one)
    })
    await fuzz({ name: `api, pass ${pass}`, short: 150, long: 1_500, shortMs: 2_000 }, fc.oneof(...each), check)
    expect(operations.map(([id]) => id).filter((id) => !tried.has(id))).toEqual([])
  }
  tell(tried)
  const health = await send({ method: 'GET', path: '/readiness', headers: {}, body: null })
  expect(health).toMatchObject({ status: 200 })
})

interface Tried {
  calls: number
  accepted: number
}

function tell(tried: Map<string, Tried>): void {
  const total = (key: keyof Tried): number => [...tried.values()].reduce((sum, each) => sum + each[key], 0)
  const fewest = Math.min(...[...tried.values()].map(({ calls }) => calls))
  const never = [...tried].filter(([, { accepted }]) => accepted === 0).map(([id]) => id)
  console.log(
    `api: ${total('calls')} calls of ${tried.size} routes, at least ${fewest} of each; ${total('accepted')} accepted; ` +
      `${never.length} routes refused all of theirs${never.length < 20 ? `: ${never.join(', ')}` : ''}`,
  )
}

async function openCheck(tried: Map<string, Tried>): Promise<(input: { id: string; given: HttpRequest }) => Promise<void>> {
  let stored = await server.stored()
  return async ({ id, given }) => {
    const answer = await within(answerMs(given.path), `${given.method} ${given.path.slice(0, 200)}`, send(given))
    const { calls, accepted } = tried.get(id) ?? { calls: 0, accepted: 0 }
    tried.set(id, { calls: calls + 1, accepted: accepted + (answer.status < 300 ? 1 : 0) })
    if (answer.status !== 503) expect(answer.status).toBeLessThan(500)
    else expect(given.path).toMatch(asksOutside)
    const now = await server.stored()
    if (answer.status >= 400) {
      expectRefusal(answer, given.method)
      expect(now).toEqual(stored)
    }
    stored = now
  }
}
