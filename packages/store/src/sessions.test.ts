import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStore, type Store } from './store.ts'
import { createSession, newEvent, userMessage } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let store: Store

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  store = createStore(testDatabase.database)
  const owners = ['alice', 'bob', 'alice', 'alice']
  for (const [index, ownerId] of owners.entries())
    await createSession(store.log, { id: `01ab_${index}%x`, ownerId, at: `2026-01-01T00:00:0${index >> 1}.000Z` })
  await store.log.append({
    sessionId: '01ab_2%x',
    events: [newEvent({ type: 'session-finished', outcome: 'unverified', summary: '' })],
    expectedSeq: null,
    lease: null,
    wake: 'no',
  })
})
afterAll(async () => {
  await store.bus.close()
  await testDatabase.close()
})

const ids = (rows: { id: string }[]) => rows.map((row) => row.id)

test('lists are newest first, by owner and status, and go on where a page ended', async () => {
  expect(ids(await store.sessions.list({ ownerId: null, limit: 10 }))).toEqual(['01ab_3%x', '01ab_2%x', '01ab_1%x', '01ab_0%x'])
  expect(ids(await store.sessions.list({ ownerId: null, limit: 2, before: '01ab_3%x' }))).toEqual(['01ab_2%x', '01ab_1%x'])
  expect(ids(await store.sessions.list({ ownerId: 'alice', limit: 10, before: '01ab_3%x' }))).toEqual(['01ab_2%x', '01ab_0%x'])
  expect(ids(await store.sessions.list({ ownerId: 'alice', limit: 10, status: 'done' }))).toEqual(['01ab_2%x'])
})

test('a short id finds what begins with it and nothing else, wildcards taken literally', async () => {
  expect(ids(await store.sessions.searchPrefix('01ab_2'))).toEqual(['01ab_2%x'])
  expect(await store.sessions.searchPrefix('01ab_', 3)).toHaveLength(3)
  expect(await store.sessions.searchPrefix('01__')).toEqual([])
  expect(await store.sessions.searchPrefix('%')).toEqual([])
})

test('an id that cannot exist is simply not found', async () => {
  expect(await store.sessions.get('nobody')).toBeNull()
  expect(await store.sessions.get('a\0b')).toBeNull()
  expect(await store.sessions.searchPrefix('a\0b')).toEqual([])
  expect(
    await store.log.append({ sessionId: 'a\0b', events: [newEvent(userMessage('x'))], expectedSeq: null, lease: null, wake: 'no' }),
  ).toEqual({ ok: false, kind: 'unknown-session' })
  expect(await store.log.read({ sessionId: 'a\0b', after: 0 })).toEqual([])
})
