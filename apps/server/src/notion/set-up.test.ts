import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getNotionDatabase } from '@slipway/store/notion-databases'
import { localPerson } from '../auth/person.ts'
import { openTestNotion, type TestNotion } from '../testing/test-notion.ts'
import { defaultsSchema, mappingOf, statusesSchema } from './mapping.ts'
import { connectDatabase, type ConnectInput, createDatabases } from './set-up.ts'

let notion: TestNotion
const signal = new AbortController().signal
beforeAll(async () => {
  notion = await openTestNotion()
})
beforeEach(() => notion.reset())
afterAll(() => notion.close())

async function connect(databaseId: string, more: Partial<ConnectInput> = {}) {
  const { client } = await notion.access.of(localPerson.ownerId)
  const usual = {
    fields: {},
    statuses: statusesSchema.parse({}),
    defaults: defaultsSchema.parse({}),
    allowedPeople: [],
    isQueue: true,
    addMissing: false,
  }
  return connectDatabase({ runtime: notion.runtime, client, person: localPerson }, { ...usual, databaseId, ...more }, signal)
}

const german = { ready: 'Bereit', inProgress: 'In Arbeit', inReview: 'In Prüfung', blocked: 'Blockiert', done: 'Fertig' }

test('an existing database is mapped by the ids of its fields, under its own words for the states', async () => {
  const board = notion.double.addDatabase('Aufgaben', {
    Titel: 'title',
    Zustand: { type: 'status', options: Object.values(german) },
    'PR link': 'url',
    Other: 'rich_text',
  })
  const mapping = await connect(board.databaseId, { statuses: german, fields: { summary: board.ids['Other'] ?? '' } })
  expect(mapping).toMatchObject({
    dataSourceId: board.dataSourceId,
    fields: {
      status: { id: board.ids['Zustand'], type: 'status' },
      changeRequest: { id: board.ids['PR link'], type: 'url' },
      summary: { id: board.ids['Other'], type: 'rich_text' },
      cost: null,
    },
  })
  const stored = await getNotionDatabase(notion.db.store.database.pool, mapping)
  expect(stored === null ? null : mappingOf(stored)).toEqual(mapping)
})

test('a missing option is asked for by name, added when that is wanted, and kept beside those that were there', async () => {
  const board = notion.double.addDatabase('Board', { Name: 'title', Status: { type: 'status', options: ['Ready', 'Done', 'Someday'] } })
  await expect(connect(board.databaseId)).rejects.toThrow('Add the options In Progress, In Review, Blocked to the field Status in Notion')
  expect(notion.double.writes).toEqual([])
  const page = notion.double.addPage(board.dataSourceId, { Name: 'x', Status: 'Someday' })
  const mapping = await connect(board.databaseId, { addMissing: true })
  expect([mapping.fields.cost, mapping.fields.changeRequest, mapping.fields.summary].every((field) => field !== null)).toBe(true)
  expect(notion.double.shown(page)['Status']).toBe('Someday')
  notion.double.setValue(page, 'Status', 'Blocked')
})

test('a database without a status, a field of the wrong kind, and several data sources are refused with what to do', async () => {
  const plain = notion.double.addDatabase('Notes', { Name: 'title', Link: 'url' })
  await expect(connect(plain.databaseId)).rejects.toThrow('Add one of the type Status or Select')
  const wrong = connect(notion.tasks.databaseId, { fields: { cost: notion.tasks.ids['Change request'] ?? '' } })
  await expect(wrong).rejects.toThrow('is of the type url, which cannot hold the cost')
  await expect(connect(randomUUID())).rejects.toMatchObject({ code: 'not-found' })
})

test('databases for tasks and routines are made below a page, and the queue of the first works at once', async () => {
  const { client } = await notion.access.of(localPerson.ownerId)
  const parentPageId = notion.double.addPage(notion.tasks.dataSourceId, { Name: 'Home' })
  const made = await createDatabases(
    { runtime: notion.runtime, client, person: localPerson },
    { parentPageId, statuses: german, defaults: defaultsSchema.parse({ repository: 'acme/clock' }), allowedPeople: [], isQueue: true },
    signal,
  )
  expect(Object.values(made.tasks.fields).every((field) => field !== null)).toBe(true)
  const pageId = notion.double.addPage(made.tasks.dataSourceId, { Name: 'First', Status: 'Bereit' })
  await notion.queue().look()
  expect(notion.double.shown(pageId)['Status']).toBe('In Arbeit')
})
