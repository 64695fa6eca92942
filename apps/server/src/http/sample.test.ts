import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api.close())

test('the sample is a session like any other, on a fresh repository each time', async () => {
  const first = await api.call('POST', '/api/v1/sample')
  const second = await api.call('POST', '/api/v1/sample')
  expect([first.status, second.status, first.body.id === second.body.id]).toEqual([201, 201, false])
  const sessions = await Promise.all([first, second].map(({ body }) => api.call('GET', `/api/v1/sessions/${body.id}`)))
  expect(sessions.map(({ body }) => [body.source, body.autonomy, body.title])).toEqual([
    ['demo', 'auto', 'Carve fours and nines as pairs that subtract'],
    ['demo', 'auto', 'Carve fours and nines as pairs that subtract'],
  ])
  expect(new Set(sessions.map(({ body }) => body.repository.url)).size).toBe(2)
})
