import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestNotion, type TestNotion, testToken } from '../testing/start-notion.ts'
import { readAll } from './notion-client.ts'
import { textAsValue, titleOf, valueOf, valueText } from './page-values.ts'

let notion: TestNotion
let tasks: ReturnType<TestNotion['double']['addDatabase']>
const signal = new AbortController().signal

beforeEach(async () => {
  notion = await startTestNotion()
  tasks = notion.double.addDatabase('Tasks', {
    Name: 'title',
    Status: { type: 'status', options: ['Ready', 'Done'] },
    Kind: { type: 'select', options: ['Bug'] },
    Assignee: 'people',
    Link: 'url',
    Cost: 'number',
  })
})
afterEach(() => notion.close())

const addPage = (values: Record<string, unknown> = {}) =>
  notion.double.addPage(tasks.dataSourceId, { Name: 'Fix it', Status: 'Ready', ...values })

function problemOf(result: { ok: boolean; problem?: string }) {
  return result.ok ? 'none' : result.problem
}

describe('reading', () => {
  it('lists data sources and rows over all pages, more than a hundred', async () => {
    for (let index = 0; index < 130; index++) notion.double.addDatabase(`Other ${index}`, { Name: 'title' })
    for (let index = 0; index < 205; index++) addPage({ Name: `Task ${index}` })
    const sources = await readAll((cursor) => notion.client.searchDataSources(cursor, signal), 1_000)
    expect(sources.ok && [sources.items.length, sources.items[0]?.title, sources.items[0]?.databaseId]).toEqual([
      131,
      'Tasks',
      tasks.databaseId,
    ])
    const rows = await readAll((cursor) => notion.client.queryDataSource({ id: tasks.dataSourceId, cursor }, signal), 1_000)
    expect(
      rows.ok && [rows.items.length, new Set(rows.items.map(({ id }) => id)).size, rows.isComplete, titleOf(rows.items[204]!)],
    ).toEqual([205, 205, true, 'Task 204'])
  })

  it('says when there are more rows than it may read', async () => {
    for (let index = 0; index < 101; index++) addPage()
    const rows = await readAll((cursor) => notion.client.queryDataSource({ id: tasks.dataSourceId, cursor }, signal), 100)
    expect(rows.ok && [rows.items.length, rows.isComplete]).toEqual([100, false])
  })

  it('finds values by property id after the property was renamed', async () => {
    const id = addPage()
    notion.double.rename(tasks.dataSourceId, 'Status', 'Where it is')
    const page = await notion.client.getPage(id, signal)
    const status = page.ok ? valueOf(page.value, tasks.ids['Status'] ?? '') : null
    expect([status?.name, status && valueText(status)]).toEqual(['Where it is', 'Ready'])
  })

  it('reads the items of a value that is too long for the page itself', async () => {
    const people = Array.from({ length: 130 }, (_, index) => notion.double.addUser(`Person ${index}`))
    const id = addPage({ Assignee: people })
    const items = await readAll(
      (cursor) => notion.client.getPropertyItems({ pageId: id, propertyId: tasks.ids['Assignee'] ?? '', cursor }, signal),
      500,
    )
    expect(items.ok && items.items.length).toBe(130)
    const single = await notion.client.getPropertyItems({ pageId: id, propertyId: tasks.ids['Status'] ?? '', cursor: null }, signal)
    expect(single.ok && single.value.results).toMatchObject([{ type: 'status', status: { name: 'Ready' } }])
  })

  it('tells a page in the trash from one that is not there', async () => {
    const [trashed, erased] = [addPage(), addPage()]
    notion.double.trash(trashed)
    notion.double.erase(erased)
    const page = await notion.client.getPage(trashed, signal)
    expect(page.ok && page.value.isGone).toBe(true)
    expect(problemOf(await notion.client.getPage(erased, signal))).toBe('not-found')
    const properties = { [tasks.ids['Link'] ?? '']: { url: 'https://example.org' } }
    expect(problemOf(await notion.client.updatePage({ id: trashed, properties }, signal))).toBe('gone')
    expect(problemOf(await notion.client.createComment({ pageId: trashed, text: 'x' }, signal))).toBe('gone')
  })

  it('refuses an id that would lead to another call', async () => {
    expect(() => notion.client.getPage('../users/me', signal)).toThrow('is not an id of Notion')
    await expect(notion.client.getPropertyItems({ pageId: addPage(), propertyId: '../x', cursor: null }, signal)).rejects.toThrow(
      'not a property',
    )
  })
})

describe('writing', () => {
  it('writes values by property id in the form of each type, and comments', async () => {
    const id = addPage()
    notion.double.rename(tasks.dataSourceId, 'Cost', 'Price in $')
    const source = await notion.client.getDataSource(tasks.dataSourceId, signal)
    const wanted: Record<string, string> = { Status: 'Done', Kind: 'New kind', Link: 'https://example.org/1', 'Price in $': '0.25' }
    const properties = Object.fromEntries(
      (source.ok ? source.value.properties : []).flatMap((property) => {
        const text = wanted[property.name]
        return text === undefined ? [] : [[property.id, textAsValue(property, text)]]
      }),
    )
    expect((await notion.client.updatePage({ id, properties }, signal)).ok).toBe(true)
    expect(notion.double.shown(id)).toMatchObject(wanted)
    const text = `${'é😀'.repeat(1_500)} end`
    const made = await notion.client.createComment({ pageId: id, text }, signal)
    const listed = await notion.client.listComments(id, null, signal)
    expect([made.ok && made.value.text === text, listed.ok && listed.value.results.map((comment) => comment.text === text)]).toEqual([
      true,
      [true],
    ])
  })

  it('creates a database whose fields are really there, and pages in it', async () => {
    const made = await notion.client.createDatabase(
      {
        parentPageId: addPage(),
        title: 'Routines',
        properties: { Name: { title: {} }, State: { status: { options: [{ name: 'Ready' }] } } },
      },
      signal,
    )
    const id = made.ok ? (made.value.dataSources[0]?.id ?? '') : ''
    const source = await notion.client.getDataSource(id, signal)
    expect(source.ok && source.value.properties.map(({ name, options }) => [name, options?.map((option) => option.name)])).toEqual([
      ['Name', undefined],
      ['State', ['Ready']],
    ])
    const page = await notion.client.createPage(
      { dataSourceId: id, properties: { Name: { title: [{ text: { content: 'New' } }] } } },
      signal,
    )
    expect(page.ok && titleOf(page.value)).toBe('New')
  })

  it('makes a write once, whatever becomes of its answer, and says that the answer is lost', async () => {
    const id = addPage()
    for (const fault of [
      { kind: 'drop', when: 'after' } as const,
      { kind: 'status', status: 503, when: 'after' } as const,
      { kind: 'cut' } as const,
    ]) {
      notion.double.fail({ method: 'POST', path: /\/comments$/, fault })
      const made = await notion.client.createComment({ pageId: id, text: 'once' }, signal)
      expect(made).toMatchObject({ ok: false, problem: 'network', isAnswerLost: true })
    }
    expect(notion.double.comments(id)).toHaveLength(3)
  })

  it('gives up on silence at the deadline', async () => {
    await notion.close()
    notion = await startTestNotion({ requestTimeoutMs: 300 })
    tasks = notion.double.addDatabase('Tasks', { Name: 'title', Status: { type: 'status', options: ['Ready'] } })
    notion.double.fail({ path: /./, fault: { kind: 'silence' } })
    const result = await notion.client.createComment({ pageId: addPage(), text: 'x' }, signal)
    expect(result).toMatchObject({ problem: 'network', isAnswerLost: true, message: expect.stringContaining('did not answer in time') })
  })
})

describe('limits and tokens', () => {
  it('waits as long as Notion says before it reads again, and sends no write meanwhile', async () => {
    const id = addPage()
    notion.double.fail({ method: 'GET', path: /pages/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 7 } })
    expect((await notion.client.getPage(id, signal)).ok).toBe(true)
    expect(notion.slept.map((ms) => Math.ceil(ms / 1000))).toEqual([7])
    notion.double.fail({ method: 'POST', path: /comments/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 3 } })
    for (const sent of [1, 0]) {
      const before = notion.double.requests.length
      expect(await notion.client.createComment({ pageId: id, text: 'x' }, signal)).toMatchObject({
        problem: 'rate-limit',
        isAnswerLost: false,
      })
      expect(notion.double.requests.length - before).toBe(sent)
    }
    expect([notion.slept.length, notion.double.comments(id)]).toEqual([1, []])
    notion.double.fail({ path: /pages/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 50 } })
    expect(await notion.client.getPage(id, signal)).toMatchObject({ problem: 'rate-limit', retryAfterMs: 50_000 })
    const before = notion.double.requests.length
    expect(await notion.client.createComment({ pageId: id, text: 'x' }, signal)).toMatchObject({
      problem: 'rate-limit',
      isAnswerLost: false,
    })
    expect(notion.double.requests.length).toBe(before)
  })

  it('gets through a real window of few requests', async () => {
    for (let index = 0; index < 250; index++) addPage()
    notion.double.limit({ requests: 2, windowMs: 60_000 })
    const rows = await readAll((cursor) => notion.client.queryDataSource({ id: tasks.dataSourceId, cursor }, signal), 1_000)
    expect(rows).toMatchObject({ ok: false, problem: 'rate-limit' })
  })

  it('asks for another token after a refusal, once, for reads and writes alike', async () => {
    const id = addPage()
    notion.double.revoke(testToken)
    notion.double.addToken('ntn_fresh')
    notion.tokens.afterRefusal = 'ntn_fresh'
    expect((await notion.client.createComment({ pageId: id, text: 'kept' }, signal)).ok).toBe(true)
    expect(notion.double.comments(id)).toHaveLength(1)
    notion.double.revoke('ntn_fresh')
    notion.tokens.afterRefusal = null
    const refused = await notion.client.getPage(id, signal)
    expect(refused).toMatchObject({ problem: 'auth', message: expect.stringContaining('Reconnect Notion in Settings → Connections') })
  })

  it('tells a missing capability and a page that is not shared', async () => {
    const id = addPage()
    notion.double.revoke(testToken)
    notion.double.addToken(testToken, { canComment: false, hidden: [tasks.dataSourceId] })
    expect(problemOf(await notion.client.listComments(id, null, signal))).toBe('forbidden')
    expect(problemOf(await notion.client.getPage(id, signal))).toBe('not-found')
  })

  it('never repeats the token, also when an answer does', async () => {
    notion.double.fail({ path: /./, fault: { kind: 'say', status: 400, message: `no such token: ${testToken}` } })
    const refused = JSON.stringify(await notion.client.self(signal))
    expect([refused.includes('no such token'), refused.includes(testToken)]).toEqual([true, false])
  })
})
