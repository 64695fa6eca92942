// A task that stands in Notion, chosen in the composer; its session says what the page was told.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type NotionDouble, startNotionDouble } from '../doubles/notion/start-notion-double.ts'
import { openWeb, type Web } from './browser.ts'

const token = 'ntn_web-token-0001'
let web: Web
let notion: NotionDouble
beforeAll(async () => {
  notion = await startNotionDouble({ token })
  web = await openWeb({ NOTION_API_URL: notion.url, NOTION_TOKEN: token, SLIPWAY_NOTION_POLL_SECONDS: '1' })
}, 180_000)
afterAll(async () => {
  await web.close()
  await notion.close()
})

test('a session starts from database and task, shows the page it came from and that it was told, and says when that is not possible', async () => {
  const options = ['Ready', 'In Progress', 'In Review', 'Blocked', 'Done']
  const tasks = notion.addDatabase('Roadmap', { Name: 'title', Status: { type: 'status', options }, Summary: 'rich_text' })
  const pageId = notion.addPage(tasks.dataSourceId, { Name: 'Look at the greeting', Status: 'Ready' })
  notion.addPage(tasks.dataSourceId, { Name: 'Another one', Status: 'Done' })
  const model = await web.cli.script('from-notion', [{ text: 'Nothing to change here.' }])
  const { page, problems } = await web.visit({ as: 'ada@example.org' })
  await page.goto(`/?${new URLSearchParams({ repository: web.cli.repository, model, mode: 'auto' })}`)

  await page.getByRole('button', { name: 'Task from Notion: From Notion' }).click()
  await page.getByRole('option', { name: 'Roadmap' }).click()
  const ready = page.getByRole('option', { name: /Look at the greeting.*Ready/ })
  await ready.waitFor()
  // What was edited last is done; what can be begun comes before it.
  const offered = await page.getByRole('option').allTextContents()
  expect(offered.map((text) => /greeting|Another one/.exec(text)?.[0])).toEqual(['greeting', 'Another one', undefined])
  await ready.click()
  expect(await page.getByLabel('What should be done?').inputValue()).toBe('Look at the greeting')
  await page.getByRole('button', { name: 'Start', exact: true }).click()

  await page.waitForURL(/\/sessions\/\w+/)
  const card = page.getByRole('region', { name: 'Task in Notion' })
  await card.getByRole('link', { name: /Look at the greeting/ }).waitFor()
  await card.getByText('Notion updated: In Review').waitFor({ timeout: 150_000 })
  expect(notion.shown(pageId)).toMatchObject({ Status: 'In Review', Summary: 'Nothing to change here.' })
  expect(notion.comments(pageId)).toHaveLength(1)
  expect(problems).toEqual([])

  // Started by hand, the database is known; it is made a queue, and let go.
  await page.goto('/settings#connections')
  await page.getByText('sessions are started by hand').waitFor()
  await page.getByRole('button', { name: 'Change Roadmap' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('What the states are called').click()
  await dialog.getByLabel('Ready', { exact: true }).fill('Go')
  await dialog.getByRole('switch', { name: 'Start sessions by status' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText(/Add the option Go to the field Status/).waitFor()
  await dialog.getByRole('switch', { name: 'Add what is missing' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Go starts a session').waitFor()
  await page.getByRole('button', { name: 'Disconnect Roadmap' }).click()
  await page.getByText('Connect a database, and its pages become sessions.').waitFor()
  await page.getByRole('button', { name: 'Make new ones' }).click()
  await dialog.getByLabel('Page in Notion').fill('somewhere')
  await dialog.getByRole('button', { name: 'Make them' }).click()
  await dialog.getByText('This is no link to a page of Notion.').waitFor()
  await dialog.getByLabel('Page in Notion').fill(`https://www.notion.so/acme/Home-${pageId.replaceAll('-', '')}?pvs=4`)
  await dialog.getByRole('button', { name: 'Make them' }).click()
  await page.getByText('each page names its repository · Ready starts a session').waitFor()

  notion.revoke(token)
  await page.goto('/')
  await page.getByRole('button', { name: 'Task from Notion: From Notion' }).click()
  await page.getByText(/Listing the databases of Notion failed: .*NOTION_TOKEN/).waitFor()
}, 300_000)
