// The first minutes: sign in by the link that is shown, be guided, start a session from the composer, find it again. In Chromium, on the real server.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWeb, type Visit, type Web } from './browser.ts'

let web: Web
let visit: Visit
let page: Page
let quick: string
beforeAll(async () => {
  web = await openWeb()
  quick = await web.cli.script('quick', [{ text: 'The greeting is polite already: nothing to change.' }])
  visit = await web.visit()
  page = visit.page
}, 120_000)
afterAll(() => web.close())

test('whoever comes to a new installation signs in by the link that the page shows, and is guided on', async () => {
  await page.goto('/board?x=1')
  await page.waitForURL('**/sign-in?next=%2Fboard%3Fx%3D1')
  await page.getByText('becomes the administrator').waitFor()
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.keyboard.press('Enter')
  await page.getByText('the link is shown here').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL('**/welcome')
  await page.getByRole('heading', { name: 'Pick a model' }).waitFor()
  // Being sent to the sign-in page began with a refusal, which Chromium notes.
  expect(visit.problems.splice(0).filter((problem) => !problem.includes('401'))).toEqual([])
})

test('the guide tests a model, shows what the machine has, keeps a repository, and runs the sample', async () => {
  await page.getByLabel('Model', { exact: true }).fill(quick)
  await page.getByRole('button', { name: 'Test' }).click()
  await page
    .getByText(/script/i)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText(/bubblewrap \d/).waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('combobox', { name: 'Repository' }).fill(web.cli.repository)
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('Reached: 1 branch, main is the default').waitFor()
  await page.getByRole('button', { name: 'Use a token for GitHub' }).click()
  await page.getByRole('dialog', { name: 'Connect GitHub with a token' }).getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Run the sample' }).click()
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)
  expect(visit.problems).toEqual([])
}, 60_000)

test('the composer is prefilled by the address, starts with Enter, and shows at once that it does', async () => {
  await page.goto(
    `/?task=Greet%20politely&repository=${encodeURIComponent(web.cli.repository)}&model=${encodeURIComponent(quick)}&mode=auto&budget=2`,
  )
  const composer = page.getByLabel('What should be done?')
  await expect.poll(() => composer.inputValue()).toBe('Greet politely')
  await page.getByRole('button', { name: 'Mode: Go ahead' }).waitFor()
  await page.getByRole('button', { name: /Budget: at most \$2/ }).waitFor()
  await composer.focus()
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('and say so')
  let release = (): void => undefined
  const held = new Promise<void>((done) => (release = done))
  await page.route('**/api/v1/sessions', async (route) => {
    if (route.request().method() === 'POST') await held
    await route.continue()
  })
  const pressedAt = Date.now()
  await page.keyboard.press('Enter')
  await page.getByText('Starting “Greet politely”').waitFor()
  const shownAfterMs = Date.now() - pressedAt
  release()
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)
  await page.unroute('**/api/v1/sessions')
  await page.getByText('Task written here').waitFor()
  expect(shownAfterMs).toBeLessThan(1_000)
  const { sessions } = (await web.call('GET', '/sessions')) as { sessions: { title: string }[] }
  expect(sessions[0]?.title).toBe('Greet politely')
}, 60_000)

test('what was typed outlives a reload and a refused start, and the refusal says what to do', async () => {
  await page.goto('/')
  const composer = page.getByLabel('What should be done?')
  await expect.poll(() => composer.inputValue()).toBe('')
  await composer.fill('Keep these words')
  await page.reload()
  await expect.poll(() => composer.inputValue()).toBe('Keep these words')
  await page.route('**/api/v1/sessions', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await composer.focus()
  await page.keyboard.press('Enter')
  await page.getByText('nothing you typed is lost').waitFor()
  await page.unroute('**/api/v1/sessions')
  expect(await composer.inputValue()).toBe('Keep these words')
  await composer.fill('')
  visit.problems.splice(0)
}, 60_000)

test('a session is found by what it needs and by words that were said in it; putting it away can be undone', async () => {
  await page.goto('/')
  const done = page.getByRole('region', { name: 'Done' })
  const link = done.getByRole('link', { name: 'Greet politely' })
  await link.waitFor({ timeout: 60_000 })
  await page.keyboard.press('/')
  await page.keyboard.type('polite alr')
  await page.getByText(/^\d+ found/).waitFor()
  expect(await page.locator('mark').allTextContents()).toContain('polite')
  await page.getByLabel('Search in all sessions').fill('')
  await link.hover()
  await page.getByRole('button', { name: 'Archive “Greet politely”' }).click()
  await link.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await link.waitFor()
  expect(visit.problems).toEqual([])
}, 120_000)

test('a session that begins elsewhere appears in the list, because the server says so', async () => {
  const said = page.waitForEvent('websocket', (line) => line.url().endsWith('/sessions/stream'))
  await page.goto('/')
  const line = await said
  await page.getByRole('region', { name: 'Done' }).getByRole('link', { name: 'Greet politely' }).waitFor()
  const changed = line.waitForEvent('framereceived', ({ payload }) => String(payload) === '{"type":"changed"}')
  const model = await web.cli.script('elsewhere', [{ text: 'Done already.' }])
  await web.call('POST', '/sessions', { task: 'Begun elsewhere', repository: web.cli.repository, model, autonomy: 'auto' })
  await changed
  const link = page.getByRole('region', { name: 'Done' }).getByRole('link', { name: 'Begun elsewhere' })
  await link.waitFor({ timeout: 30_000 })

  const tab = await visit.context.newPage()
  await tab.goto('/')
  await tab.getByRole('link', { name: 'Begun elsewhere' }).hover()
  await tab.getByRole('button', { name: 'Archive “Begun elsewhere”' }).click()
  await link.waitFor({ state: 'detached' })
  await tab.close()
  expect(visit.problems).toEqual([])
}, 60_000)

test('everything is reached by keys alone: palette, shortcuts, help, pages', async () => {
  await page.goto('/settings')
  await page.getByRole('heading', { name: 'Profile' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Go somewhere').waitFor()
  await page.keyboard.type('greet pol')
  await page
    .getByRole('option', { name: /Greet politely/, selected: true })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)
  await page.keyboard.press('g')
  await page.keyboard.press('u')
  await page.waitForURL('**/usage')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('h')
  await page.getByRole('dialog', { name: 'Help' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('n')
  await page.waitForURL('**/?focus=composer')
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('composer')
  expect(visit.problems).toEqual([])
}, 60_000)
