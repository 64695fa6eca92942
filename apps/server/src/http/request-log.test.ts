import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
const logs: string[] = []
beforeAll(async () => {
  api = await openTestApi({ logs })
})
afterAll(() => api.close())

test('what changes something or goes wrong is one line with who asked; looking is for debug', async () => {
  await api.call('GET', '/api/v1/sessions')
  await api.call('POST', '/api/v1/sessions', { task: '' })
  await api.call('GET', '/api/v1/sessions/unknown')
  const lines = logs.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request answered')
  expect(lines.map(({ level, method, route, status, person }) => [level, method, route, status, person])).toEqual([
    [20, 'GET', '/api/v1/sessions', 200, 'local'],
    [30, 'POST', '/api/v1/sessions', 400, 'local'],
    [30, 'GET', '/api/v1/sessions/:id', 404, 'local'],
  ])
  expect(lines.every(({ reqId, ms }) => typeof reqId === 'string' && ms >= 0)).toBe(true)
})
