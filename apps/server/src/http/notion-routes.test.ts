import { afterAll, beforeAll, expect, test } from 'vitest'
import { type NotionDouble, startNotionDouble } from '../../../../e2e/doubles/notion/start-notion-double.ts'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { openBrowser } from '../testing/test-browser.ts'

let notion: NotionDouble
let api: TestApi
let tasks: ReturnType<NotionDouble['addDatabase']>
beforeAll(async () => {
  notion = await startNotionDouble({ token: 'ntn_routes' })
  api = await openTestApi({ environment: { NOTION_API_URL: notion.url, NOTION_TOKEN: 'ntn_routes' } })
  const options = ['Ready', 'In Progress', 'In Review', 'Blocked', 'Done']
  tasks = notion.addDatabase('Tasks', { Name: 'title', Status: { type: 'status', options }, Assignee: 'people' })
})
afterAll(async () => {
  await api.close()
  await notion.close()
})

const get = async (path: string) => (await api.call('GET', path)).body

test('databases, more than a hundred tasks, and a page as Markdown', async () => {
  const olive = notion.addUser('Olive')
  for (let index = 0; index < 120; index++) notion.addPage(tasks.dataSourceId, { Name: `Task ${index}`, Status: 'Done' })
  const pageId = notion.addPage(tasks.dataSourceId, { Name: 'The last', Status: 'Ready', Assignee: [olive] }, [
    { type: 'heading_2', content: { rich_text: [{ type: 'text', plain_text: 'Goal', href: null }] } },
  ])
  const { databases } = await get('/api/notion/databases')
  expect(databases).toMatchObject([
    { id: tasks.dataSourceId, databaseId: tasks.databaseId, title: 'Tasks', url: expect.any(String), isQueue: false, problem: null },
  ])
  const listed = await get(`/api/notion/tasks?database_id=${tasks.databaseId.replaceAll('-', '')}`)
  expect([listed.tasks.length, listed.isComplete]).toEqual([121, true])
  const row = { id: pageId, title: 'The last', status: 'Ready', assignee: 'Olive', sessionId: null }
  expect(listed.tasks[0]).toMatchObject(row)
  expect(await get(`/api/notion/tasks/${pageId}`)).toMatchObject({ ...row, markdown: '## Goal', isCut: false, isGone: false })
})

test('a session starts from a page once, and its page is known to it', async () => {
  const pageId = notion.addPage(tasks.dataSourceId, { Name: 'Fix the clock', Status: 'Ready' })
  const start = () => api.call('POST', `/api/notion/tasks/${pageId}/start`, { repository: 'acme/clock', model: 'ollama/test' })
  const [one, other] = await Promise.all([start(), start()])
  expect([one.status, other.status, one.body.sessionId]).toEqual([201, 201, other.body.sessionId])
  expect([one.body.isNew, other.body.isNew].filter(Boolean)).toHaveLength(1)
  expect((await start()).body).toEqual({ sessionId: one.body.sessionId, isNew: false })
  expect(await get(`/api/v1/sessions/${one.body.sessionId}/notion`)).toMatchObject({
    page: { pageId, title: 'Fix the clock', status: null },
  })
  expect((await get(`/api/notion/tasks/${pageId}`)).sessionId).toBe(one.body.sessionId)
})

test('what is missing, gone or not asked rightly is said', async () => {
  const gone = notion.addPage(tasks.dataSourceId, { Name: 'Gone', Status: 'Ready' })
  notion.trash(gone)
  expect((await get(`/api/notion/tasks/${gone}`)).isGone).toBe(true)
  for (const [method, path, status] of [
    ['POST', `/api/notion/tasks/${gone}/start`, 409],
    ['GET', '/api/notion/tasks/0f3a1b2c-1111-4222-8333-444455556666', 404],
    ['GET', '/api/notion/tasks/not-an-id', 400],
    ['GET', '/api/notion/tasks', 400],
    ['GET', '/api/notion/tasks?database_id=..%2Fusers', 400],
  ] as const) {
    const answer = await api.call(method, path, method === 'POST' ? {} : undefined)
    expect([path, answer.status, typeof answer.body.error.message]).toEqual([path, status, 'string'])
  }
})

test('the account of the installation is its administrator’s; nobody else sees anything through it', async () => {
  const signIn = async (name: string) => {
    const browser = openBrowser(api.url)
    const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
    await browser.visit(body.shownLink)
    return browser
  }
  const [first, second] = [await signIn('first'), await signIn('second')]
  expect((await first.send('GET', '/api/notion/databases')).status).toBe(200)
  const refused = await second.send('GET', '/api/notion/databases')
  expect([refused.status, refused.body.error.message]).toEqual([422, expect.stringContaining('Settings → Connections')])
  await api.call('POST', '/api/v1/notion/connections', { databaseId: tasks.databaseId })
  expect((await first.send('GET', '/api/v1/notion/connections')).body.connections).toHaveLength(1)
  expect((await second.send('GET', '/api/v1/notion/connections')).body.connections).toEqual([])
  expect((await second.send('DELETE', `/api/v1/notion/connections/${tasks.dataSourceId}`)).status).toBe(404)
  expect((await first.send('DELETE', `/api/v1/notion/connections/${tasks.dataSourceId}`)).status).toBe(200)
})

test('too many requests to Notion come back as such', async () => {
  notion.fail({ path: /search/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 55 } })
  const { status, body } = await api.call('GET', '/api/notion/databases')
  expect([status, body.error.message]).toEqual([429, expect.stringContaining('55 s')])
})
