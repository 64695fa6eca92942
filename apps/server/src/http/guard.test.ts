import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../contract/routes.ts'
import { openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

/** fetch does not let a caller choose the Host. */
function raw(path: string, headers: Record<string, string>, method = 'GET', url = api.url): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${api.token}` })

test('every route of the API wants the token, whatever else is right or wrong about the request', async () => {
  const paths = [
    ...routes.filter(({ who }) => who !== 'everybody').map((route) => [route.method, `/api/v1${route.path.replace(':id', 'x')}`] as const),
    ['GET', '/api/v1/openapi.json'] as const,
    ['GET', '/api/v1/sessions/x/stream'] as const,
  ]
  for (const [method, path] of paths) {
    for (const authorization of [undefined, 'Bearer ', 'Bearer wrong', `Basic ${api.token}`, `Bearer ${api.token}x`]) {
      const status = await raw(path, authorization === undefined ? {} : { authorization }, method)
      expect([path, status]).toEqual([path, 401])
    }
  }
})

test.each([
  '//api/v1/sessions',
  '/api/v1//sessions',
  '/API/v1/sessions',
  '/api/v1/sessions/',
  '/%61pi/v1/sessions',
  '/health/../api/v1/sessions',
  '/api/v1/sessions?x=/health',
])('no spelling of the address gets around the token: %s', async (path) => {
  expect(await raw(path, {})).toBe(401)
})

test('a foreign Host or Origin is refused even with the right token, on open paths too', async () => {
  for (const path of ['/api/v1/sessions', '/health', '/metrics', '/readiness']) {
    expect(await raw(path, { ...bearer(), host: 'evil.test' })).toBe(403)
    expect(await raw(path, { ...bearer(), origin: 'http://evil.test' })).toBe(403)
    expect(await raw(path, { ...bearer(), origin: 'null' })).toBe(403)
    expect(await raw(path, { ...bearer(), 'sec-fetch-site': 'cross-site' })).toBe(403)
  }
  expect(await raw('/api/v1/sessions', { ...bearer(), origin: api.url })).toBe(200)
})

test('no page may read an answer: there is no CORS header, and a preflight is refused', async () => {
  const { headers } = await api.call('GET', '/api/v1/sessions')
  expect(headers.get('access-control-allow-origin')).toBe(null)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(await raw('/api/v1/sessions', { origin: 'http://evil.test', 'access-control-request-method': 'POST' }, 'OPTIONS')).toBe(403)
})

test('a WebSocket needs token, Host and Origin like everything else, and never hears its token again', async () => {
  const sessionId = await api.db.create()
  const path = `/api/v1/sessions/${sessionId}/stream`
  expect(await api.stream(path, { protocols: ['slipway'] }).closed).toEqual({ code: 401 })
  expect(await api.stream(path, { protocols: ['slipway', 'bearer.wrong'] }).closed).toEqual({ code: 401 })
  expect(await api.stream(path, { headers: { origin: 'http://evil.test' } }).closed).toEqual({ code: 403 })
  expect(await api.stream(path, { headers: { host: 'evil.test' } }).closed).toEqual({ code: 403 })
  expect(await api.stream('/api/v1/sessions/nothing/stream').closed).toEqual({ code: 404 })
  const foreign = await api.db.create({ ownerId: 'somebody-else' })
  expect(await api.stream(`/api/v1/sessions/${foreign}/stream`).closed).toEqual({ code: 404 })

  const byProtocol = api.stream(path)
  await byProtocol.until((messages) => messages.some((message) => message.type === 'ready'))
  expect(byProtocol.socket.protocol).toBe('slipway')
  byProtocol.socket.close()
  const byHeader = api.stream(path, { protocols: [], headers: bearer() })
  await byHeader.until((messages) => messages.some((message) => message.type === 'ready'))
  byHeader.socket.close()
})

test('too many requests are refused with a reason', async () => {
  const small = await openTestApi({ requestsPerMinute: 3 })
  try {
    const answers = await Promise.all(Array.from({ length: 5 }, () => small.call('GET', '/api/v1/sessions')))
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2)
    expect(answers.find(({ status }) => status === 429)?.body.error.code).toBe('rate-limited')
    // Who guesses is counted like everybody else.
    expect(await raw('/api/v1/sessions', { authorization: 'Bearer guess' }, 'GET', small.url)).toBe(429)
  } finally {
    await small.close()
  }
})
