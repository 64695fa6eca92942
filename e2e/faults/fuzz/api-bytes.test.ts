// Bytes that no client would send: to the HTTP parser, and over an open WebSocket. The server answers or hangs up, and stays well.

import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlineMs } from '../effort.ts'
import { fuzz, within } from './fuzz.ts'
import { openFuzzServer, type FuzzServer } from './fuzz-server.ts'
import { hostileText } from './hostile-values.ts'

let server: FuzzServer
beforeAll(async () => {
  server = await openFuzzServer()
})
afterAll(() => server.close())

const testMs = deadlineMs({ short: 60_000, long: 60 * 60_000 })
const answerMs = 10_000

test('a request that is broken below HTTP is refused in the shape of every refusal, or cut', { timeout: testMs }, async () => {
  await fuzz({ name: 'bytes', short: 150, long: 10_000, shortMs: 4_000 }, brokenRequest(), async (bytes) => {
    const answer = await within(answerMs, 'an answer', exchange(Buffer.from(bytes, 'latin1')))
    const refusals = answer
      .toString()
      .split(/(?=HTTP\/1\.1 \d)/)
      .filter((each) => /^HTTP\/1\.1 [45]/.test(each))
    for (const refusal of refusals) {
      expect(refusal).toMatch(/^HTTP\/1\.1 4/)
      if (!refusal.includes('\r\n\r\n{')) continue
      expect(JSON.parse(refusal.slice(refusal.indexOf('\r\n\r\n{')))).toMatchObject({ error: { message: expect.stringMatching(/.{15}/) } })
    }
  })
  await expectHealthy()
})

test('frames of any kind on a stream end at most that stream', { timeout: testMs }, async () => {
  await fuzz(
    { name: 'frames', short: 80, long: 5_000, shortMs: 6_000 },
    fc.record({ upgrade: upgrade(), frames: fc.array(frame(), { maxLength: 8 }) }),
    async ({ upgrade: head, frames }) => {
      const answer = await within(
        answerMs,
        'the end of the stream',
        exchange(Buffer.concat([Buffer.from(head, 'latin1'), ...frames, closeFrame])),
      )
      expect(answer.toString('latin1')).not.toMatch(/^HTTP\/1\.1 5/)
    },
  )
  await expectHealthy()
  await expectStream()
})

test('a cursor that is none is refused before the stream opens', async () => {
  for (const after of ['-1', 'x', '1.5', '2147483648', '9'.repeat(400), '%00'])
    expect((await exchange(Buffer.from(upgradeTo(server.sessions[1] ?? '', `after=${after}`)))).toString()).toMatch(/^HTTP\/1\.1 400 /)
})

/** Lines of requests with something wrong in them; the last one asks the server to hang up. */
function brokenRequest(): fc.Arbitrary<string> {
  const host = new URL(server.url).host
  const authorization = `authorization: Bearer ${server.token}`
  const line = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'GET /health HTTP/1.1',
        'POST /api/v1/sessions HTTP/1.1',
        'GET /api/v1/sessions HTTP/1.0',
        'GET http://evil.example/ HTTP/1.1',
        'CONNECT a:1 HTTP/1.1',
        'PRI * HTTP/2.0',
        'GET',
        'get / http/1.1',
        'GET /\0 HTTP/1.1',
        'OPTIONS * HTTP/1.1',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  )
  const header = fc.oneof(
    fc.constantFrom(
      `host: ${host}`,
      `host: ${host}`,
      authorization,
      'host: evil.example',
      'content-length: 5',
      'content-length: 4',
      'content-length: -1',
      'content-length: 9999999999999999999999',
      'transfer-encoding: chunked',
      'transfer-encoding: gzip, chunked',
      'expect: 100-continue',
      'content-type: application/json',
      'upgrade: h2c',
      'connection: upgrade',
      ': empty',
      'a b: c',
      `x: ${'y'.repeat(20_000)}`,
    ),
    fc.string({ maxLength: 40 }),
  )
  const body = fc.constantFrom('', '{"a":', '5\r\nhello\r\n0\r\n\r\n', 'zz\r\n', 'FFFFFFFFFFFFFFFFF\r\n', '\0\0\0\0')
  return fc
    .record({ line, headers: fc.array(header, { maxLength: 6 }), body })
    .map((given) => [given.line, ...given.headers, 'connection: close', '', given.body].join('\r\n'))
}

function upgrade(): fc.Arbitrary<string> {
  const query = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('', 'after=0', 'after=300', 'after=2000000000') },
    { weight: 1, arbitrary: hostileText.map((text) => `after=${encodeURIComponent(text.toWellFormed()).slice(0, 500)}`) },
  )
  return fc.record({ id: fc.constantFrom(...server.sessions, 'nobody'), query }).map(({ id, query: text }) => upgradeTo(id, text))
}

function upgradeTo(sessionId: string, query: string): string {
  return [
    `GET /api/v1/sessions/${sessionId}/stream?${query} HTTP/1.1`,
    `host: ${new URL(server.url).host}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
    `sec-websocket-protocol: slipway, bearer.${server.token}`,
    '\r\n',
  ].join('\r\n')
}

/** RFC 6455 section 5.2, with every bit free: continuations without a start, reserved bits, unknown kinds, no mask, wrong lengths. */
function frame(): fc.Arbitrary<Buffer> {
  return fc
    .record({
      first: fc.oneof(
        { weight: 2, arbitrary: fc.constantFrom(0x81, 0x82, 0x89, 0x8a, 0x01, 0x80, 0x00, 0x88) },
        { weight: 1, arbitrary: fc.nat(255) },
      ),
      isMasked: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      payload: fc.oneof(
        fc.uint8Array({ maxLength: 125 }).map((bytes) => Buffer.from(bytes)),
        hostileText.map((text) => Buffer.from(text)),
        fc.constantFrom(Buffer.from('{"type":"subscribe"}'), Buffer.from('{"after":-1}'), Buffer.alloc(5_000, 0x61)),
      ),
      lie: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, 70_000, 2 ** 31) }),
    })
    .map(({ first, isMasked, payload, lie }) => encodeFrame(first, isMasked, payload, lie))
}

function encodeFrame(first: number, isMasked: boolean, payload: Buffer, lie: number): Buffer {
  const length = payload.length + lie
  const mask = isMasked ? 0x80 : 0
  const head = length < 126 ? Buffer.from([first, mask | length]) : Buffer.alloc(10)
  if (length >= 126) {
    head[0] = first
    head[1] = mask | 127
    head.writeBigUInt64BE(BigInt(length), 2)
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), payload])
}

const closeFrame = encodeFrame(0x88, true, Buffer.from([0x03, 0xe8]), 0)

/** Sends, says that nothing more comes, and returns what came back. */
function exchange(bytes: Buffer): Promise<Buffer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect({ host: hostname, port: Number(port), localAddress: `127.0.0.${2 + Math.floor(performance.now() % 200)}` }, () =>
      socket.end(bytes),
    )
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A server that hangs up while we still send resets the connection.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
}

async function expectHealthy(): Promise<void> {
  const answer = await fetch(`${server.url}/readiness`)
  expect(answer.status).toBe(200)
}

/** A viewer that behaves still gets everything. */
async function expectStream(): Promise<void> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/sessions/${server.sessions[1]}/stream?after=0`, [
    'slipway',
    `bearer.${server.token}`,
  ])
  const seqs: number[] = []
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the stream broke')))
    socket.addEventListener('message', ({ data }) => {
      const told = JSON.parse(String(data)) as { type: string; event?: { seq: number } }
      if (told.event) seqs.push(told.event.seq)
      if (told.type === 'ready') resolve()
    })
  })
  socket.close()
  expect(seqs).toEqual([1, 2, 3, 4])
}
