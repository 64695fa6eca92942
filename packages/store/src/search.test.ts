import { afterAll, beforeAll, expect, test } from 'vitest'
import { countNeeds, listCards, recentRepositories, setArchived } from './session-cards.ts'
import { openPersonStore } from './person-store.ts'
import { catchUpSearch, searchSessions } from './search.ts'
import { readFacts } from './session-facts.ts'
import { createStore, type Store } from './store.ts'
import { createSession, newEvent, userMessage } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'
import type { EventBody } from '@slipway/core/events'

let testDatabase: TestDatabase
let store: Store

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  store = createStore(testDatabase.database)
})
afterAll(async () => {
  await store.bus.close()
  await testDatabase.close()
})

async function add(sessionId: string, ...bodies: EventBody[]): Promise<void> {
  const result = await store.log.append({
    sessionId,
    events: bodies.map((body) => newEvent(body)),
    expectedSeq: null,
    lease: null,
    wake: 'no',
  })
  if (!result.ok) throw new Error(result.kind)
}

const finished: EventBody = { type: 'session-finished', outcome: 'verified', summary: 'All done.' }
const opened: EventBody = {
  type: 'change-request-opened',
  number: 7,
  url: 'https://forge.example/7',
  branch: 'slipway/x',
  base: 'main',
  draft: false,
  alreadyThere: false,
}
const output = (text: string): EventBody => ({
  type: 'tool-finished',
  callId: 'c1',
  ok: true,
  output: text,
  blob: null,
  ms: 1,
  changed: false,
  problem: null,
  facts: {},
})

const find = async (query: string, ownerId = 'alice') => {
  await catchUpSearch(testDatabase.database.pool, 10_000)
  return searchSessions(openPersonStore(testDatabase.database.pool, ownerId), { ownerId, query, limit: 20 })
}

test('search finds words of the task, of people and of outputs, marks them, and nobody else finds them', async () => {
  const id = await createSession(store.log, { title: 'Repair the sundial' })
  await add(id, userMessage('Please mind the gnomon angle'), output('dial.test.ts: Schatten fällt falsch\u0002evil'))
  const [hit] = await find('gnomon')
  expect(hit).toMatchObject({ sessionId: id, title: 'Repair the sundial', seq: 2, kind: 'person' })
  expect(hit?.excerpt.filter(({ isMatch }) => isMatch)).toEqual([{ text: 'gnomon', isMatch: true }])
  expect((await find('schatten fäl')).map(({ kind }) => kind)).toEqual(['output'])
  expect((await find('sundial repair'))[0]?.kind).toBe('task')
  expect([await find('gnomon', 'bob'), await find('gnomon sundial'), await find(' !&|<->():* ')]).toEqual([[], [], []])
  expect(await find(`gnomon'); drop table events; --`)).toEqual([])
})

test('what was appended after a search is found by the next one, once', async () => {
  const id = await createSession(store.log, { title: 'Another' })
  expect(await find('obelisk')).toEqual([])
  await add(id, userMessage('an obelisk'), userMessage('x'.repeat(3_000_000)))
  expect((await find('obelisk')).map(({ sessionId }) => sessionId)).toEqual([id])
  expect(await catchUpSearch(testDatabase.database.pool, 100)).toBe(true)
})

test('as long as something cannot be found yet, whoever searches is told, also while another search makes it findable', async () => {
  const { pool } = testDatabase.database
  const id = await createSession(store.log, { title: 'Told' })
  await add(id, userMessage('an astrolabe'), userMessage('a sextant'))
  expect(await catchUpSearch(pool, 1)).toBe(false)

  const blocker = await pool.connect()
  await blocker.query('begin; lock table search_entries in share mode')
  const both = [catchUpSearch(pool, 100), catchUpSearch(pool, 100)]
  expect(await Promise.race(both)).toBe(false)
  await blocker.query('rollback')
  blocker.release()
  expect((await Promise.all(both)).toSorted()).toEqual([false, true])
  expect((await find('sextant')).map(({ sessionId }) => sessionId)).toEqual([id])
})

test('cards come by need, with the change request, its checks and the open question; archived ones apart', async () => {
  const ownerId = 'carla'
  const ask: EventBody = {
    type: 'human-asked',
    askId: 'a',
    kind: 'question',
    question: 'Which dial?',
    options: [],
    callId: null,
    effect: null,
    expiresAt: null,
  }
  const waiting = await createSession(store.log, {
    ownerId,
    at: '2026-01-01T00:00:01.000Z',
    repository: { url: '/srv/dial', forge: 'local', slug: null, base: null },
  })
  await add(waiting, ask)
  const review = await createSession(store.log, { ownerId, at: '2026-01-01T00:00:02.000Z' })
  await add(review, opened, { type: 'checks-reported', oid: 'o', checks: [{ name: 'ci', state: 'failed', url: null }] }, finished)
  const done = await createSession(store.log, { ownerId, at: '2026-01-01T00:00:03.000Z' })
  await add(done, finished)
  const running = await createSession(store.log, { ownerId, at: '2026-01-01T00:00:04.000Z' })

  const { pool } = testDatabase.database
  const of = async (need: 'needs-you' | 'running' | 'in-review' | 'done') =>
    (await listCards(pool, { ownerId, limit: 9, need })).map(({ id }) => id)
  expect([await of('needs-you'), await of('in-review'), await of('done'), await of('running')]).toEqual([
    [waiting],
    [review],
    [done],
    [running],
  ])
  const [card] = await listCards(pool, { ownerId, limit: 9, ids: [review] })
  expect(card).toMatchObject({ changeRequest: { number: 7 }, checks: { checks: [{ state: 'failed' }] }, ask: null })
  expect((await listCards(pool, { ownerId, limit: 9, repositoryUrl: '/srv/dial' }))[0]?.ask?.question).toBe('Which dial?')
  expect(await countNeeds(pool, ownerId)).toEqual({ 'needs-you': 1, running: 1, 'in-review': 1, done: 1 })

  await setArchived(pool, { ownerId, sessionId: done, isArchived: true })
  expect([await of('done'), (await listCards(pool, { ownerId, limit: 9, isArchived: true })).map(({ id }) => id)]).toEqual([[], [done]])
  await setArchived(pool, { ownerId, sessionId: done, isArchived: false })
  expect(await of('done')).toEqual([done])
  expect((await listCards(pool, { ownerId, limit: 2, before: done })).map(({ id }) => id)).toEqual([review, waiting])
  expect(await listCards(pool, { ownerId: 'bob', limit: 9, ids: [review] })).toEqual([])
  expect((await recentRepositories(pool, { ownerId, limit: 5 })).map(({ sessions }) => sessions).sort()).toEqual([1, 3])
})

test('facts are the newest of each kind up to a moment', async () => {
  const id = await createSession(store.log)
  await add(id, { type: 'checkpoint-created', checkpoint: 'one', treeHash: 't', callId: null, ms: 1 }, userMessage('x'))
  await add(id, { type: 'checkpoint-created', checkpoint: 'two', treeHash: 't', callId: null, ms: 1 })
  const facts = async (upTo?: number) =>
    (
      await readFacts(testDatabase.database.pool, {
        sessionId: id,
        types: ['session-created', 'checkpoint-created'],
        ...(upTo ? { upTo } : {}),
      })
    ).map(({ seq }) => seq)
  expect([await facts(), await facts(3), await facts(1)]).toEqual([[1, 4], [1, 2], [1]])
})
