import { afterAll, beforeAll, expect, test } from 'vitest'
import { claimNotionDatabase, getNotionDatabase, noteNotionLook, removeNotionDatabase, saveNotionDatabase } from './notion-databases.ts'
import {
  claimNotionComments,
  claimNotionTask,
  hasEarlierNotionWrite,
  latestNotionTask,
  noteNotionComments,
  noteNotionProblem,
  noteNotionState,
  notionTaskOf,
  tellNotion,
  untoldNotionTasks,
} from './notion-tasks.ts'
import { createOutbox } from './outbox.ts'
import { createStore, type Store } from './store.ts'
import { createSession } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

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

const task = {
  ownerId: 'alice',
  dataSourceId: 'source',
  pageId: 'page',
  round: 1,
  url: 'https://example.org',
  title: 'Fix it',
  seenComments: ['a'],
}
const database = {
  ownerId: 'alice',
  dataSourceId: 'source',
  databaseId: 'database',
  personId: 'p',
  title: 'Tasks',
  fields: { status: { id: 'x%3D', type: 'status' } },
  statuses: { ready: 'Ready' },
  defaults: {},
  allowedPeople: [],
  isQueue: true,
}

test('of many pollers one claims a page, and a round that is claimed stays claimed', async () => {
  const { pool } = testDatabase.database
  const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => claimNotionTask(pool, { ...task, sessionId: `s${index}` })))
  expect(claims.filter(Boolean)).toHaveLength(1)
  expect(await claimNotionTask(pool, { ...task, sessionId: 'later' })).toBe(false)
  expect(await claimNotionTask(pool, { ...task, round: 2, sessionId: 'second' })).toBe(true)
  expect(await latestNotionTask(pool, task)).toMatchObject({ round: 2, sessionId: 'second', toldSeq: 0, state: null, seenComments: ['a'] })
  expect(await latestNotionTask(pool, { ...task, ownerId: 'bob' })).toBeNull()
  await noteNotionComments(pool, { sessionId: 'second', seen: ['a', 'b'] })
  expect((await notionTaskOf(pool, 'second'))?.seenComments.sort()).toEqual(['a', 'b'])
})

test('a log that has grown is told once for each place in it, and a page that is gone is told nothing', async () => {
  const { pool } = testDatabase.database
  const sessionId = await createSession(store.log, { ownerId: 'alice' })
  await claimNotionTask(pool, { ...task, pageId: 'told', sessionId })
  const [untold] = await untoldNotionTasks(pool, 10)
  expect(untold).toMatchObject({ sessionId, toldSeq: 0 })
  const write = { key: `notion ${sessionId} 1`, payload: { seq: 1 } }
  await Promise.all([1, 2, 3].map(() => tellNotion(pool, { task: untold!, toldSeq: 1, write })))
  expect(await untoldNotionTasks(pool, 10)).toEqual([])
  await tellNotion(pool, { task: untold!, toldSeq: 0, write: null })
  expect((await notionTaskOf(pool, sessionId))?.toldSeq).toBe(1)
  expect(await hasEarlierNotionWrite(pool, { sessionId, seq: 2 })).toBe(true)
  const outbox = createOutbox(pool)
  const entry = await outbox.claim({ kinds: ['notion'], leaseMs: 1_000 })
  expect(entry).toMatchObject({ ...write, ownerId: 'alice', sessionId, attempts: 1 })
  expect(await outbox.claim({ kinds: ['notion'], leaseMs: 1_000 })).toBeNull()
  await outbox.finish(entry!, {})
  expect(await hasEarlierNotionWrite(pool, { sessionId, seq: 2 })).toBe(false)
  await noteNotionState(pool, { sessionId, state: 'in-progress' })
  await noteNotionProblem(pool, { sessionId, problem: 'The page was deleted.' })
  expect(await notionTaskOf(pool, sessionId)).toMatchObject({ state: 'in-progress', problem: 'The page was deleted.' })
  await pool.query('update sessions set head = 9 where id = $1', [sessionId])
  expect(await untoldNotionTasks(pool, 10)).toEqual([])
})

test('a queue is looked at by one process at a time, and not before Notion allows it', async () => {
  const { pool } = testDatabase.database
  await saveNotionDatabase(pool, database)
  const looks = await Promise.all([1, 2, 3, 4].map(() => claimNotionDatabase(pool, 60_000)))
  expect(looks.filter((look) => look !== null)).toMatchObject([database])
  await saveNotionDatabase(pool, { ...database, title: 'Renamed' })
  await noteNotionLook(pool, { ...database, problem: 'Wait.', againInMs: 60_000 })
  expect(await claimNotionDatabase(pool, 0)).toBeNull()
  expect(await getNotionDatabase(pool, database)).toMatchObject({ title: 'Renamed', problem: 'Wait.', lookedAt: expect.anything() })
  expect(await removeNotionDatabase(store.as('bob'), database.dataSourceId)).toBe(false)
  expect(await removeNotionDatabase(store.as('alice'), database.dataSourceId)).toBe(true)
})

test('comments are looked for by one process at a time', async () => {
  const { pool } = testDatabase.database
  const [one, other] = await Promise.all([
    claimNotionComments(pool, { limit: 10, againInMs: 60_000 }),
    claimNotionComments(pool, { limit: 10, againInMs: 60_000 }),
  ])
  expect([...one, ...other].map(({ pageId, round }) => `${pageId} ${round}`).sort()).toEqual(['page 1', 'page 2'])
})
