import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { addressOf, send } from './client.ts'
import { ApiProblem } from './problem.ts'

const fetched = vi.fn<typeof fetch>()
beforeEach(() => vi.stubGlobal('fetch', fetched))
afterEach(() => {
  vi.unstubAllGlobals()
  fetched.mockReset()
})

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status })

test('parameters are escaped, and what is not given is left out of the query', () => {
  expect(addressOf('/sessions/:id/file', { params: { id: 'a/b' }, query: { path: 'src/ä.ts', at: undefined, limit: 0 } })).toBe(
    '/sessions/a%2Fb/file?path=src%2F%C3%A4.ts&limit=0',
  )
})

test('a refusal is thrown with its code, message, request id and status', async () => {
  fetched.mockResolvedValue(json(409, { error: { code: 'conflict', message: 'It runs already.', requestId: 'r1' } }))
  await expect(send('POST /sessions', { body: {} })).rejects.toMatchObject({
    code: 'conflict',
    message: 'It runs already.',
    requestId: 'r1',
    status: 409,
  })
})

test('an answer that is not ours still becomes a problem with a sentence', async () => {
  fetched.mockResolvedValue(new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }))
  const problem = await send('GET /me').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({ code: 'unexpected', message: 'The server answered 502 Bad Gateway. Try again.' })
})

test('a server that is not there is a problem too', async () => {
  fetched.mockRejectedValue(new TypeError('Failed to fetch'))
  await expect(send('GET /me')).rejects.toMatchObject({ code: 'unreachable', status: 0 })
})

test('who is not signed in is taken to the sign-in page and back, but not away from open pages', async () => {
  const assign = vi.fn<(address: string) => void>()
  const page = new EventTarget()
  const addEventListener = page.addEventListener.bind(page)
  const at = (pathname: string, search = ''): void =>
    void vi.stubGlobal('window', { location: { pathname, search, hash: '', assign }, addEventListener })
  fetched.mockImplementation(async () => json(401, { error: { code: 'unauthorized', message: 'Sign in.', requestId: 'r' } }))
  at('/sessions/s1', '?tab=diff')
  await expect(send('GET /me')).rejects.toMatchObject({ status: 401 })
  expect(assign.mock.calls).toEqual([['/sign-in?next=%2Fsessions%2Fs1%3Ftab%3Ddiff']])
  // A second way there would break off the first; whoever comes back finds it again.
  await expect(send('GET /sessions')).rejects.toMatchObject({ status: 401 })
  expect(assign).toHaveBeenCalledTimes(1)
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await expect(send('GET /me')).rejects.toMatchObject({ status: 401 })
  expect(assign).toHaveBeenCalledTimes(2)
  at('/sign-in')
  await expect(send('GET /me')).rejects.toMatchObject({ status: 401 })
  expect(assign).toHaveBeenCalledTimes(2)
})
