// What the double refuses. A double that took everything would prove nothing.

import { APIErrorCode, APIResponseError, Client } from '@notionhq/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type NotionDouble, startNotionDouble } from './start-notion-double.ts'

const token = 'ntn_double'
let double: NotionDouble
let client: Client
let tasks: ReturnType<NotionDouble['addDatabase']>
let pageId: string

beforeEach(async () => {
  double = await startNotionDouble({ token, addsStatusOptions: false })
  client = new Client({ auth: token, baseUrl: double.url, retry: false, logger: () => undefined })
  tasks = double.addDatabase('Tasks', {
    Name: 'title',
    Status: { type: 'status', options: ['Ready', 'Done'] },
    Kind: { type: 'select', options: ['Bug'] },
  })
  pageId = double.addPage(tasks.dataSourceId, { Name: 'Fix it', Status: 'Ready' })
})
afterEach(() => double.close())

async function refusal(call: Promise<unknown>): Promise<[status: number, code: string, message: string]> {
  const error: unknown = await call.then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  )
  if (!APIResponseError.isAPIResponseError(error)) throw error
  return [error.status, error.code, error.message]
}

async function raw(path: string, init: RequestInit & { headers?: Record<string, string> }) {
  const response = await fetch(`${double.url}${path}`, init)
  return [response.status, ((await response.json()) as { code: string }).code]
}

test('a wrong or revoked token, a missing or old version, a wrong path and a broken body', async () => {
  const authorization = `Bearer ${token}`
  const page = `/v1/pages/${pageId}`
  expect(await raw(page, { headers: { 'notion-version': '2025-09-03' } })).toEqual([401, 'unauthorized'])
  expect(await raw(page, { headers: { authorization: 'Bearer wrong', 'notion-version': '2025-09-03' } })).toEqual([401, 'unauthorized'])
  expect(await raw(page, { headers: { authorization } })).toEqual([400, 'missing_version'])
  expect(await raw(page, { headers: { authorization, 'notion-version': '2022-06-28' } })).toEqual([400, 'validation_error'])
  const headers = { authorization, 'notion-version': '2025-09-03' }
  expect(await raw('/v1/nothing', { headers })).toEqual([400, 'invalid_request_url'])
  expect(await raw('/v1/pages/no-id', { headers })).toEqual([400, 'validation_error'])
  expect(await raw('/v1/search', { method: 'POST', headers, body: '{"filter":' })).toEqual([400, 'invalid_json'])
  double.revoke(token)
  expect((await refusal(client.pages.retrieve({ page_id: pageId })))[0]).toBe(401)
})

test('databases in place of data sources', async () => {
  expect(
    await raw(`/v1/databases/${tasks.databaseId}/query`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' },
    }),
  ).toEqual([400, 'invalid_request_url'])
  expect((await refusal(client.dataSources.retrieve({ data_source_id: tasks.databaseId })))[1]).toBe(APIErrorCode.ObjectNotFound)
  // The old form makes a database with nothing but a title, as Notion does.
  const old = { parent: { type: 'page_id', page_id: pageId }, title: [{ text: { content: 'Old' } }], properties: { Cost: { number: {} } } }
  const made = await fetch(`${double.url}/v1/databases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' },
    body: JSON.stringify(old),
  })
  const { data_sources: sources } = (await made.json()) as { data_sources: { id: string }[] }
  const source = await client.dataSources.retrieve({ data_source_id: sources[0]?.id ?? '' })
  expect(Object.keys(source.properties)).toEqual(['Name'])
})

test('page sizes over a hundred, cursors that it never gave, unknown keys and properties', async () => {
  const id = tasks.dataSourceId
  expect((await refusal(client.dataSources.query({ data_source_id: id, page_size: 101 })))[1]).toBe(APIErrorCode.ValidationError)
  expect((await refusal(client.dataSources.query({ data_source_id: id, start_cursor: 'made-up' })))[2]).toContain('start_cursor')
  expect(
    (await refusal(client.dataSources.query({ data_source_id: id, filter: { property: 'Nope', status: { equals: 'x' } } })))[2],
  ).toContain('Nope')
  const headers = { authorization: `Bearer ${token}`, 'notion-version': '2025-09-03' }
  expect(await raw(`/v1/data_sources/${id}/query`, { method: 'POST', headers, body: '{"limit":1}' })).toEqual([400, 'validation_error'])
  expect((await refusal(client.pages.update({ page_id: pageId, properties: { Nope: { url: 'x' } } })))[2]).toContain('not a property')
  expect((await refusal(client.pages.update({ page_id: pageId, properties: { Status: { url: 'x' } } })))[2]).toContain(
    'expected to be status',
  )
})

test('an unknown option of a status, but not of a select; a status field’s new option where the server is older', async () => {
  const status = client.pages.update({ page_id: pageId, properties: { Status: { status: { name: 'Blocked' } } } })
  expect((await refusal(status))[2]).toContain('does not exist')
  await client.pages.update({ page_id: pageId, properties: { Kind: { select: { name: 'New' } } } })
  expect(double.shown(pageId)).toMatchObject({ Status: 'Ready', Kind: 'New' })
  const options = [{ name: 'Ready' }, { name: 'Done' }, { name: 'Blocked' }]
  const change = client.dataSources.update({ data_source_id: tasks.dataSourceId, properties: { Status: { status: { options } } } })
  expect((await refusal(change))[2]).toContain('Cannot update status')
  await client.dataSources.update({
    data_source_id: tasks.dataSourceId,
    properties: { Kind: { select: { options: [{ name: 'Other' }] } } },
  })
  const source = await client.dataSources.retrieve({ data_source_id: tasks.dataSourceId })
  expect(source.properties['Kind']).toMatchObject({ select: { options: [{ name: 'Other' }] } })
})

test('text over 2,000 characters, empty comments, and anything on an archived page', async () => {
  const long = [{ text: { content: 'x'.repeat(2_001) } }]
  expect((await refusal(client.comments.create({ parent: { page_id: pageId }, rich_text: long })))[2]).toContain('2000')
  expect((await refusal(client.comments.create({ parent: { page_id: pageId }, rich_text: [] })))[2]).toContain('length')
  double.trash(pageId)
  expect((await refusal(client.pages.update({ page_id: pageId, properties: { Name: { title: [] } } })))[2]).toContain('archived')
  expect(await client.pages.retrieve({ page_id: pageId })).toMatchObject({ in_trash: true })
  await client.pages.update({ page_id: pageId, in_trash: false })
  double.erase(pageId)
  expect((await refusal(client.pages.retrieve({ page_id: pageId })))[1]).toBe(APIErrorCode.ObjectNotFound)
})

test('what is not shared, what a capability is missing for, and too many requests in a window', async () => {
  double.addToken('ntn_limited', { canWrite: false, canComment: false })
  double.addToken('ntn_blind', { hidden: [tasks.dataSourceId] })
  const limited = new Client({ auth: 'ntn_limited', baseUrl: double.url, retry: false, logger: () => undefined })
  const blind = new Client({ auth: 'ntn_blind', baseUrl: double.url, retry: false, logger: () => undefined })
  expect((await refusal(limited.comments.list({ block_id: pageId })))[1]).toBe(APIErrorCode.RestrictedResource)
  expect((await refusal(limited.pages.update({ page_id: pageId, in_trash: true })))[0]).toBe(403)
  expect((await refusal(blind.pages.retrieve({ page_id: pageId })))[0]).toBe(404)
  double.limit({ requests: 1, windowMs: 60_000 })
  await client.pages.retrieve({ page_id: pageId })
  const error: unknown = await client.pages.retrieve({ page_id: pageId }).catch((thrown: unknown) => thrown)
  expect(
    APIResponseError.isAPIResponseError(error) && [error.status, Number(new Headers(error.headers as Headers).get('retry-after')) > 50],
  ).toEqual([429, true])
})

test('renamed properties keep their ids', async () => {
  double.rename(tasks.dataSourceId, 'Status', 'Where')
  const id = tasks.ids['Status'] ?? ''
  const page = await client.pages.update({ page_id: pageId, properties: { [id]: { status: { name: 'Done' } } } })
  expect('properties' in page && page.properties['Where']).toMatchObject({ id, status: { name: 'Done' } })
})
