// Whatever is sent to the API: an answer in time, never a 500, refusals in one shape with what to do, and nothing stored by them.

import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from 'fast-check'
import { deadlineMs } from '../effort.ts'
import { hintsFor } from './api-hints.ts'
import { fuzz, within } from './fuzz.ts'
import { openFuzzServer, type FuzzServer } from './fuzz-server.ts'
import { requestsFor, type Description, type HttpRequest } from './http-requests.ts'

let server: FuzzServer
let description: Description
beforeAll(async () => {
  server = await openFuzzServer()
  const answer = await send({ method: 'GET', path: '/api/v1/openapi.json', headers: {}, body: null })
  // Described by the server itself.
  description = JSON.parse(answer.text) as Description
})
afterAll(() => server.close())

const testMs = deadlineMs({ short: 120_000, long: 60 * 60_000 })
/** Doctor tries out the sandboxes and models of this machine, which takes its time on a busy one. */
const answerMs = (path: string): number => (path.startsWith('/api/v1/doctor') ? 60_000 : 15_000)

/** Routes that cannot answer without somebody outside, where nobody answers here. */
const asksOutside = /^\/api\/v1\/connections\b/

test('every route answers anything at all with a result or a refusal that says what to do', { timeout: testMs }, async () => {
  const operations = requestsFor(description, hintsFor(server))
  expect(operations.size).toBeGreaterThan(15)
  const requests = fc.oneof(...[...operations].filter(([id]) => id !== 'streamSession').map(([, each]) => each))
  let stored = await server.stored()
  await fuzz({ name: 'api', short: 350, long: 30_000, shortMs: 5_000 }, requests, async (given) => {
    const answer = await within(answerMs(given.path), `${given.method} ${given.path.slice(0, 200)}`, send(given))
    if (answer.status !== 503) expect(answer.status).toBeLessThan(500)
    else expect(given.path).toMatch(asksOutside)
    const now = await server.stored()
    if (answer.status >= 400) {
      expectRefusal(answer, given.method)
      expect(now).toBe(stored)
    }
    stored = now
  })
  const health = await send({ method: 'GET', path: '/readiness', headers: {}, body: null })
  expect(health).toMatchObject({ status: 200 })
})

interface Answer {
  status: number
  type: string
  text: string
}

let source = 0

/** Each request comes from another loopback address, because one address may only ask so often. */
function send({ method, path, headers, body }: HttpRequest): Promise<Answer> {
  const { hostname, port, host } = new URL(server.url)
  source = (source + 1) % 200
  return new Promise((resolve, reject) => {
    const sent = request({
      hostname,
      port,
      method,
      path,
      localAddress: `127.0.0.${source + 2}`,
      headers: { host, authorization: `Bearer ${server.token}`, ...headers, ...(body === null ? {} : { 'content-length': body.length }) },
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() }),
      )
    })
    sent.end(body ?? undefined)
  })
}

function expectRefusal({ type, text }: Answer, method: string): void {
  if (method === 'HEAD') return expect(text).toBe('')
  expect(type).toBe('application/json; charset=utf-8')
  expect(JSON.parse(text)).toEqual({
    error: {
      code: expect.stringMatching(/^[a-z-]+$/),
      message: expect.stringMatching(/^[^]{15,2000}$/),
      requestId: expect.stringMatching(/./),
    },
  })
  expect(text).not.toMatch(/\[object Object\]|TypeError|RangeError|\\n\s+at |node_modules|\bE[A-Z]{4,}\b|FST_|received undefined/)
}
