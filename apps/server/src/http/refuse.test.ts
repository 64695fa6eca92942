import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

const refusal = (code: string, message: RegExp) => ({
  error: { code, message: expect.stringMatching(message), requestId: expect.any(String) },
})

/** Sends bytes as they are and returns all that comes back until the server hangs up. */
function sendRaw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(api.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}

test('an address that cannot be read is refused in the usual shape', async () => {
  const answer = await api.call('GET', '/api/v1/sessions/%zz')
  expect([answer.status, answer.body]).toEqual([400, refusal('usage', /a % must be followed by/)])
  expect((await api.call('GET', `/api/v1/sessions/${'a'.repeat(300)}`)).body).toEqual(refusal('usage', /longer than any id/))
})

test('what is no HTTP, and headers without end, are refused in the usual shape', async () => {
  const [head = '', body = ''] = (await sendRaw('NONSENSE\r\n\r\n')).split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request/)
  expect(JSON.parse(body)).toEqual(refusal('usage', /HTTP client/))
  expect(await sendRaw(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 [^]*Shorten them/)
})

test('what is refused before a route is reached has the headers that every answer has', async () => {
  for (const path of ['/api/v1/sessions', '/api/v1/nowhere', '/%zz', '/nowhere']) {
    const { headers } = await fetch(`${api.url}${path}`)
    expect([path, headers.get('x-content-type-options'), headers.get('content-security-policy')]).toEqual([
      path,
      'nosniff',
      "default-src 'none';frame-ancestors 'none'",
    ])
  }
  expect(await sendRaw('NONSENSE\r\n\r\n')).toMatch(/^x-content-type-options: nosniff\r$/m)
})

test('bodies that are too large or no JSON are refused with what to send', async () => {
  expect((await api.call('POST', '/api/v1/sessions', ' '.repeat(1_100_000))).body).toEqual(refusal('too-large', /larger than 1 MB/))
  const text = await api.call('POST', '/api/v1/sessions', 'hello', { 'content-type': 'text/html' })
  expect([text.status, text.body]).toEqual([400, refusal('usage', /Content-Type: application\/json/)])
})

test('a cursor beyond every log is refused, not handed to the database', async () => {
  const sessionId = await api.db.create()
  const answer = await api.call('GET', `/api/v1/sessions/${sessionId}/events?after=2147483648`)
  expect([answer.status, answer.body]).toEqual([400, refusal('usage', /after: must not be above 2147483647/)])
})

test.each([`/${'x'.repeat(300)}`, '/a\0b', 'file:///%zz', 'file:///a%00b'])(
  'a repository path that no file system takes is no bug: %j',
  async (repository) => {
    const answer = await api.call('POST', '/api/v1/sessions', { task: 'x', repository, model: 'scripted/x.yaml' })
    expect(answer.status).toBeLessThan(500)
  },
)

test('what the database could not store or read is refused, not an error of ours', async () => {
  const nul = await api.call('DELETE', '/api/v1/keys/a%00b')
  expect([nul.status, nul.body]).toEqual([400, refusal('usage', /cannot be stored, NUL/)])
  const offset = await api.call('POST', '/api/v1/keys', { name: 'far', expiresAt: '8068-02-29T00:00:00-17:00' })
  expect([offset.status, offset.body]).toEqual([201, expect.objectContaining({ expiresAt: '8068-02-29T17:00:00.000Z' })])
  const never = await api.call('POST', '/api/v1/keys', { name: 'never', expiresAt: '9999-12-31T23:59:59-17:00' })
  expect(never.body).toEqual(refusal('usage', /expiresAt: must lie in the future/))
})

test('a refused upgrade is hung up on: it would hold its connection for ever', async () => {
  const answer = await sendRaw('GET /api/v1/sessions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*connection: close/)
})
