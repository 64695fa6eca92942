// Our calls against those of Notion's own client: the same request on the wire, for arguments that its types accept.

import {
  Client,
  type CreateCommentParameters,
  type CreateDatabaseParameters,
  type CreatePageParameters,
  isFullComment,
  isFullDataSource,
  isFullPage,
  type QueryDataSourceParameters,
  type SearchParameters,
  type UpdateDataSourceParameters,
  type UpdatePageParameters,
} from '@notionhq/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestNotion, type TestNotion, testToken } from '../testing/start-notion.ts'
import { NOTION_VERSION } from './notion-transport.ts'

let notion: TestNotion
let official: Client
let tasks: ReturnType<TestNotion['double']['addDatabase']>
let pageId: string
const signal = new AbortController().signal

beforeAll(async () => {
  notion = await startTestNotion()
  official = new Client({ auth: testToken, baseUrl: notion.double.url, retry: false, logger: () => undefined })
  tasks = notion.double.addDatabase('Tasks', { Name: 'title', Status: { type: 'status', options: ['Ready', 'Done'] }, Link: 'url' })
  pageId = notion.double.addPage(tasks.dataSourceId, { Name: 'Fix it', Status: 'Ready' }, [
    { type: 'paragraph', content: { rich_text: [] } },
  ])
  notion.double.comment(pageId, notion.double.addUser('Olive'), 'hello')
})
afterAll(() => notion.close())

/** What each of the two puts on the wire. */
async function bothSend(ours: () => Promise<{ ok: boolean }>, theirs: () => Promise<unknown>): Promise<void> {
  const from = notion.double.requests.length
  expect(await ours()).toMatchObject({ ok: true })
  await theirs()
  const [one, other] = notion.double.requests.slice(from).map(({ method, path, headers, body }) => {
    const url = new URL(path, 'http://notion')
    return { method, path: url.pathname, query: Object.fromEntries(url.searchParams), version: headers['notion-version'], body }
  })
  expect(one).toEqual(other)
}

test('the version is the one that the client is made for', () => {
  expect(NOTION_VERSION).toBe(Client.defaultNotionVersion)
})

test('reads', async () => {
  const { client } = notion
  const search: SearchParameters = { filter: { property: 'object', value: 'data_source' }, page_size: 100 }
  await bothSend(
    () => client.searchDataSources(null, signal),
    () => official.search(search),
  )
  await bothSend(
    () => client.self(signal),
    () => official.users.me({}),
  )
  await bothSend(
    () => client.getDatabase(tasks.databaseId, signal),
    () => official.databases.retrieve({ database_id: tasks.databaseId }),
  )
  await bothSend(
    () => client.getDataSource(tasks.dataSourceId, signal),
    () => official.dataSources.retrieve({ data_source_id: tasks.dataSourceId }),
  )
  await bothSend(
    () => client.getPage(pageId, signal),
    () => official.pages.retrieve({ page_id: pageId }),
  )
  await bothSend(
    () => client.listChildren(pageId, null, signal),
    () => official.blocks.children.list({ block_id: pageId, page_size: 100 }),
  )
  await bothSend(
    () => client.listComments(pageId, null, signal),
    () => official.comments.list({ block_id: pageId, page_size: 100 }),
  )
  const propertyId = tasks.ids['Status'] ?? ''
  await bothSend(
    () => client.getPropertyItems({ pageId, propertyId, cursor: null }, signal),
    () => official.pages.properties.retrieve({ page_id: pageId, property_id: propertyId, page_size: 100 }),
  )
  const filter = { property: propertyId, status: { equals: 'Ready' } }
  const sorts = [{ timestamp: 'created_time' as const, direction: 'ascending' as const }]
  const query: QueryDataSourceParameters = { data_source_id: tasks.dataSourceId, filter, sorts, result_type: 'page', page_size: 100 }
  await bothSend(
    () => client.queryDataSource({ id: tasks.dataSourceId, filter, sorts, cursor: null }, signal),
    () => official.dataSources.query(query),
  )
})

test('writes', async () => {
  const { client } = notion
  const comment: CreateCommentParameters = { parent: { page_id: pageId }, rich_text: [{ type: 'text', text: { content: 'Done' } }] }
  await bothSend(
    () => client.createComment({ pageId, text: 'Done' }, signal),
    () => official.comments.create(comment),
  )

  const title = [{ type: 'text' as const, text: { content: 'New' } }]
  const page: CreatePageParameters = {
    parent: { type: 'data_source_id', data_source_id: tasks.dataSourceId },
    properties: { Name: { title } },
  }
  await bothSend(
    () => client.createPage({ dataSourceId: tasks.dataSourceId, properties: { Name: { title } } }, signal),
    () => official.pages.create(page),
  )

  const properties = { [tasks.ids['Status'] ?? '']: { status: { name: 'Done' } } }
  const update: UpdatePageParameters = { page_id: pageId, properties, in_trash: false }
  await bothSend(
    () => client.updatePage({ id: pageId, properties, inTrash: false }, signal),
    () => official.pages.update(update),
  )

  const database: CreateDatabaseParameters = {
    parent: { type: 'page_id', page_id: pageId },
    title: [{ type: 'text', text: { content: 'Routines' } }],
    initial_data_source: { properties: { Name: { title: {} }, Status: { status: { options: [{ name: 'Ready' }] } } } },
  }
  await bothSend(
    () =>
      client.createDatabase(
        {
          parentPageId: pageId,
          title: 'Routines',
          properties: { Name: { title: {} }, Status: { status: { options: [{ name: 'Ready' }] } } },
        },
        signal,
      ),
    () => official.databases.create(database),
  )

  const schema: UpdateDataSourceParameters = { data_source_id: tasks.dataSourceId, properties: { Cost: { number: { format: 'dollar' } } } }
  await bothSend(
    () => client.updateDataSource({ id: tasks.dataSourceId, properties: { Cost: { number: { format: 'dollar' } } } }, signal),
    () => official.dataSources.update(schema),
  )
})

test('the double’s answers are what the client takes for whole objects', async () => {
  const page = await official.pages.retrieve({ page_id: pageId })
  const source = await official.dataSources.retrieve({ data_source_id: tasks.dataSourceId })
  const { results } = await official.comments.list({ block_id: pageId })
  expect([isFullPage(page), isFullDataSource(source), results.every(isFullComment)]).toEqual([true, true, true])
})
