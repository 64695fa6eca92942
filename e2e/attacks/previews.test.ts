// A hostile application behind a preview, and hostile visitors before it: real sandbox, real proxy, raw requests.

import { once } from 'node:events'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { previewAddresses } from '../../apps/server/src/preview/addresses.ts'
import { ENTER, previewServer } from '../../apps/server/src/preview/preview-server.ts'
import { PREVIEW_COOKIE } from '../../apps/server/src/preview/proxy-headers.ts'
import { openVisits, type Visits, type VisitOf } from '../../apps/server/src/preview/visits.ts'
import { APP_PORT, hostileApp } from '../../apps/server/src/testing/hostile-app.ts'
import { openTestSocket } from '../../apps/server/src/testing/test-socket.ts'
import { openBench, type Bench } from '../../packages/sandbox/src/contract/harness.ts'

const INTERFACE = 'http://127.0.0.1:3000'
const of: VisitOf = { sessionId: 'session', ownerId: 'ada', port: APP_PORT, framedBy: INTERFACE }
const limits = { uploadBytes: 100_000, answerBytes: 2_000_000, firstByteMs: 1_500, silenceMs: 700, headerBytes: 16_384 }

let bench: Bench
let sandbox: Sandbox
let visits: Visits
let served: ReturnType<typeof previewServer>
let port: number
let label: string
let cookie: string
let nowMs = 1_000_000
let lose: () => void = () => undefined

beforeAll(async () => {
  bench = await openBench('bubblewrap')
  sandbox = await bench.create()
  const listening = Promise.withResolvers<void>()
  const app = await sandbox.start({ argv: ['node', '-e', hostileApp], onOutput: () => listening.resolve() })
  app.exited.catch(() => undefined)
  await listening.promise
  visits = openVisits({ now: () => nowMs })
  const parts = { addresses: previewAddresses('http://*.localhost:1') }
  served = previewServer({
    addresses: { ...parts.addresses, originOf: (name) => parts.addresses.originOf(name), labelOf: (host) => parts.addresses.labelOf(host) },
    visits,
    hosts: ['*.allowed.test'],
    connect: (visit) => sandbox.connect({ port: visit.port, timeoutMs: 5_000 }),
    limits,
  })
  served.server.listen(0, '127.0.0.1')
  await once(served.server, 'listening')
  port = (served.server.address() as AddressInfo).port
  parts.addresses = previewAddresses(`http://*.localhost:${port}`)
  ;({ label, cookie } = await enter(of))
})
afterAll(async () => {
  served.server.close()
  served.closeAll()
  visits.close()
  await bench.close()
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

const hostOf = (name: string): string => `${name}.localhost:${port}`

function ask(
  path: string,
  input: { method?: string; host?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { host: input.host ?? hostOf(label), cookie: `${PREVIEW_COOKIE}=${cookie}`, ...input.headers }
    const sent = httpRequest({ host: '127.0.0.1', port, path, method: input.method ?? 'GET', headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    sent.on('error', reject).end(input.body)
  })
}

async function enter(wanted: VisitOf): Promise<{ label: string; cookie: string; ticket: string }> {
  const made = visits.invite(wanted, (end) => {
    lose = end
    return () => undefined
  })
  const { status, headers } = await ask(`${ENTER}?ticket=${made.ticket}&to=/x`, { host: hostOf(made.label), headers: { cookie: '' } })
  expect([status, headers.location]).toEqual([303, '/x'])
  const [set = ''] = headers['set-cookie'] ?? []
  expect(set).toMatch(/^__Host-slipway-preview=[\w-]{32}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/)
  return { ...made, cookie: set.slice(set.indexOf('=') + 1, set.indexOf(';')) }
}

describe('hostile visitors', () => {
  test('without the cookie, or with that of another preview, there is nothing, whether the preview exists or not', async () => {
    const other = await enter({ ...of, sessionId: 'other' })
    for (const [host, value] of [
      [hostOf(label), ''],
      [hostOf(label), `${PREVIEW_COOKIE}=${'A'.repeat(32)}`],
      [hostOf(label), `${PREVIEW_COOKIE}=${other.cookie}`],
      [hostOf(other.label), `${PREVIEW_COOKIE}=${cookie}`],
      [hostOf('p0123456789'), `${PREVIEW_COOKIE}=${cookie}`],
    ] as const) {
      const { status, text } = await ask('/echo', { host, headers: { cookie: value } })
      expect([status, text]).toEqual([404, expect.stringContaining('There is no preview here for you')])
    }
  })

  test('a name that was rebound to this machine, and our own names, lead nowhere', async () => {
    for (const host of [
      'evil.test',
      `evil.test:${port}`,
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `${label}.localhost`,
      `${label}.localhost.evil.test:${port}`,
      `${label}.evil.test:${port}`,
      `x.${label}.localhost:${port}`,
    ])
      expect([host, (await ask('/echo', { host })).status]).toEqual([host, 421])
    expect((await ask(`http://${hostOf(label)}/echo`)).status).toBe(421)
  })

  test('a ticket counts once, for a minute, at its own door, and leads to no other server', async () => {
    const door = (made: { label: string; ticket: string }, to = '/', at = made.label): Promise<Answer> =>
      ask(`${ENTER}?ticket=${made.ticket}&to=${encodeURIComponent(to)}`, { host: hostOf(at), headers: { cookie: '' } })
    const invite = (): { label: string; ticket: string } => visits.invite(of, () => () => undefined)
    const once_ = invite()
    expect([(await door(once_)).status, (await door(once_)).status]).toEqual([303, 404])
    const wrongDoor = invite()
    expect((await door(wrongDoor, '/', 'p0123456789')).status).toBe(404)
    expect((await door(wrongDoor)).status).toBe(404)
    const late = invite()
    nowMs += 60_001
    expect((await door(late)).status).toBe(404)
    for (const to of ['//evil.test', 'https://evil.test', '/\\evil.test', 'evil', '/a/..//evil.test'])
      expect([to, (await door(invite(), to)).status]).toEqual([to, 404])
    expect((await ask(`${ENTER}?ticket=${invite().ticket}`, { method: 'POST' })).status).toBe(404)
    expect((await ask('/__slipway/anything')).status).toBe(404)
  })

  test('when what let a person in is taken away, open answers end and new ones do not begin', async () => {
    const taken = await enter({ ...of, sessionId: 'taken' })
    const headers = { host: hostOf(taken.label), cookie: `${PREVIEW_COOKIE}=${taken.cookie}` }
    const socket = openTestSocket(`ws://127.0.0.1:${port}/ws`, { ...headers, origin: `http://${hostOf(taken.label)}` })
    await once(socket, 'message')
    const hanging = expect(ask('/hang', { host: headers.host, headers })).rejects.toThrow()
    await once(served.server, 'request')
    lose()
    await Promise.all([once(socket, 'close'), hanging])
    expect((await ask('/echo', { host: headers.host, headers })).status).toBe(404)
  })

  test('two requests in one never reach the application as two', async () => {
    const head = `Host: ${hostOf(label)}\r\nCookie: ${PREVIEW_COOKIE}=${cookie}\r\n`
    const smuggled = `GET /echo?smuggled HTTP/1.1\r\n${head}\r\n`
    for (const [name, bytes] of [
      ['both lengths', `POST /echo HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
      ['two lengths', `POST /echo HTTP/1.1\r\n${head}Content-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`],
      ['an odd encoding', `POST /echo HTTP/1.1\r\n${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
      ['a space before the colon', `POST /echo HTTP/1.1\r\n${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
      ['a bare line feed', `GET /echo HTTP/1.1\n${head}\n\n${smuggled}`],
    ] as const) {
      const answer = await raw(bytes)
      expect([name, answer.slice(0, 12), answer.includes('smuggled')]).toEqual([name, 'HTTP/1.1 400', false])
    }
    // A body where none is usual arrives framed, not as a second request.
    const { text } = await ask('/echo', { headers: { 'transfer-encoding': 'chunked' }, body: smuggled })
    expect(JSON.parse(text)).toMatchObject({ url: '/echo', body: smuggled, headers: { 'transfer-encoding': 'chunked' } })
  })

  test('a page of another origin opens no WebSocket, and no other protocol is switched to', async () => {
    const headers = { cookie: `${PREVIEW_COOKIE}=${cookie}`, host: hostOf(label), connection: 'Upgrade', upgrade: 'websocket' }
    const own = `http://${hostOf(label)}`
    const statusOf = async (changed: Record<string, string>): Promise<string> =>
      (
        await raw(
          `GET /ws HTTP/1.1\r\n${Object.entries({ ...headers, origin: own, ...changed })
            .map(([name, value]) => `${name}: ${value}\r\n`)
            .join('')}\r\n`,
        )
      ).slice(9, 12)
    expect(await statusOf({ origin: 'http://evil.test' })).toBe('404')
    expect(await statusOf({ origin: INTERFACE })).toBe('404')
    expect(await statusOf({ cookie: '' })).toBe('404')
    expect(await statusOf({ host: 'evil.test' })).toBe('404')
    expect(await statusOf({ upgrade: 'h2c' })).toBe('501')
  })
})

describe('what reaches the application', () => {
  test('is a request to localhost, without anything of Slipway’s and without what is for proxies', async () => {
    const origin = `http://${hostOf(label)}`
    const { text } = await ask('/echo?q=1', {
      method: 'POST',
      body: 'hello',
      headers: {
        cookie: `own=1; ${PREVIEW_COOKIE}=${cookie}; slipway.session_token=abc; __Host-slipway.session_token=abc; __Secure-slipway.x=1; slip=2`,
        authorization: 'Bearer slipway_abc',
        origin,
        referer: `${origin}/page`,
        'x-forwarded-for': '10.0.0.1',
        'x-forwarded-host': 'evil.test',
        'proxy-authorization': 'Basic x',
        te: 'trailers',
        connection: 'keep-alive, x-hop',
        'x-hop': '1',
        'content-type': 'text/plain',
      },
    })
    const { headers, ...rest } = JSON.parse(text)
    expect(rest).toEqual({ method: 'POST', url: '/echo?q=1', body: 'hello' })
    expect(headers).toEqual({
      host: `localhost:${APP_PORT}`,
      'x-forwarded-host': hostOf(label),
      'x-forwarded-proto': 'http',
      origin: `http://localhost:${APP_PORT}`,
      referer: `http://localhost:${APP_PORT}/page`,
      cookie: 'own=1; slip=2',
      'content-type': 'text/plain',
      'content-length': '5',
      connection: 'close',
    })
    const own = JSON.parse((await ask('/echo', { headers: { authorization: 'Bearer its-own', origin: 'https://evil.test' } })).text)
    expect(own.headers).toMatchObject({ authorization: 'Bearer its-own', origin: 'https://evil.test' })
  })

  test('a body beyond the limit is refused', async () => {
    expect((await ask('/echo', { method: 'POST', body: Buffer.alloc(99_000) })).status).toBe(200)
    expect((await ask('/echo', { method: 'POST', body: Buffer.alloc(200_000) })).status).toBe(413)
  })
})

describe('a hostile application', () => {
  test('cannot set cookies beyond its host, name ours, decide who frames it, or clear and bind other sites', async () => {
    const { headers } = await ask('/reach')
    expect(headers).toEqual({
      'set-cookie': ['own=1; Path=/; Secure; SameSite=None; Partitioned'],
      'content-security-policy': [
        "default-src 'self'",
        'img-src *',
        `default-src 'self' ws://${hostOf(label)} *.allowed.test data: blob: 'unsafe-inline' 'unsafe-eval'; form-action 'self' ws://${hostOf(label)} *.allowed.test; base-uri 'self'`,
        `frame-ancestors ${INTERFACE}`,
      ].join(', '),
      'x-own': 'kept',
      'x-robots-tag': 'noindex',
      'x-dns-prefetch-control': 'off',
      date: expect.any(String),
      connection: 'close',
      'transfer-encoding': 'chunked',
    })
    const unframed = await enter({ ...of, sessionId: 'unframed', framedBy: null })
    const answer = await ask('/reach', { host: hostOf(unframed.label), headers: { cookie: `${PREVIEW_COOKIE}=${unframed.cookie}` } })
    expect(answer.headers['content-security-policy']).toContain(`frame-ancestors 'none'`)
  })

  test('redirects stay on its origin when it means itself', async () => {
    expect((await ask('/redirect')).headers.location).toBe(`http://${hostOf(label)}/there?x=1`)
    expect((await ask('/away')).headers.location).toBe('https://evil.test/')
  })

  test('an endless answer ends at the limit, not as if it were whole', async () => {
    await expect(ask('/endless')).rejects.toThrow(/aborted|ECONNRESET|hang up/)
  })

  test('one that says nothing is given up, before its answer and in the middle of it', async () => {
    expect(await ask('/hang')).toMatchObject({ status: 504, text: expect.stringContaining('does not answer') })
    await expect(ask('/silent')).rejects.toThrow(/aborted|ECONNRESET|hang up/)
  })

  test('what is not one proper answer is none', async () => {
    expect((await ask('/two')).text).toBe('one')
    for (const path of ['/both', '/garbage', '/headers', '/switch']) expect([path, (await ask(path)).status]).toEqual([path, 502])
    expect((await ask('/echo')).status).toBe(200)
  })

  test('a WebSocket works both ways, and its handshake sets no cookie', async () => {
    const socket = openTestSocket(`ws://127.0.0.1:${port}/ws`, {
      host: hostOf(label),
      cookie: `${PREVIEW_COOKIE}=${cookie}`,
      origin: `http://${hostOf(label)}`,
    })
    const upgraded = once(socket, 'upgrade')
    const [first] = await once(socket, 'message')
    expect([String(first), (await upgraded)[0].headers['set-cookie']]).toEqual([`hello localhost:${APP_PORT}`, undefined])
    socket.send('x')
    expect(String((await once(socket, 'message'))[0])).toBe('heard')
    socket.terminate()
  })

  test('one that is gone is said to be', async () => {
    const nothing = await enter({ ...of, port: 4101 })
    const answer = await ask('/', { host: hostOf(nothing.label), headers: { cookie: `${PREVIEW_COOKIE}=${nothing.cookie}` } })
    expect(answer).toMatchObject({ status: 502, text: expect.stringContaining('Nothing listens on port 4101') })
  })
})

/** Everything that comes back until the other side closes, or says nothing more for a moment. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setTimeout(1_000, () => socket.destroy())
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('close', () => resolve(text)).on('error', reject)
    socket.write(bytes)
  })
}
