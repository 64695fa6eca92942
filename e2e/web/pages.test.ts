// Every page opens from the real server: nothing in it breaks, nothing in it is refused by its policy, nothing leaves for another server.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWeb, type Visit, type Web } from './browser.ts'

let web: Web
let visit: Visit
beforeAll(async () => {
  web = await openWeb()
  visit = await web.visit({ as: 'ada@example.org' })
}, 300_000)
afterAll(() => web.close())

test.each([
  ['/', 'Sessions'],
  ['/plans', 'Plans'],
  ['/board', 'Board'],
  ['/usage', 'Usage'],
  ['/settings', 'Settings'],
  ['/admin', 'Admin'],
])('%s opens and is called %s', async (address, title) => {
  const answer = await visit.page.goto(address)
  expect(answer?.status()).toBe(200)
  await visit.page.getByRole('heading', { level: 1, name: title }).waitFor()
  expect(visit.problems).toEqual([])
})

test('following a link changes the page without loading it again', async () => {
  const { page, problems } = visit
  await page.goto('/')
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }))
  for (const name of ['Plans', 'Board', 'Usage', 'Settings', 'Sessions']) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true)
  expect(problems).toEqual([])
})

test('the drawer of a narrow page gives way to the sidebar when the window is widened', async () => {
  const { page, problems } = visit
  await page.setViewportSize({ width: 400, height: 800 })
  await page.goto('/board')
  await page.getByRole('button', { name: 'Open navigation' }).click()
  const drawer = page.getByRole('dialog', { name: 'Navigation' })
  await drawer.waitFor()
  await page.setViewportSize({ width: 1_200, height: 800 })
  await drawer.waitFor({ state: 'hidden' })
  await page.getByRole('complementary').getByRole('link', { name: 'Usage' }).click()
  await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor()
  await page.setViewportSize({ width: 1_440, height: 900 })
  expect(problems).toEqual([])
})

test('the section of the settings that is shown stays in sight in a window that becomes narrow', async () => {
  const { page, problems } = visit
  await page.goto('/settings#appearance')
  const current = page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Appearance' })
  await current.waitFor()
  await page.setViewportSize({ width: 400, height: 800 })
  const isInSight = async (): Promise<boolean> => {
    const box = await current.boundingBox()
    return box !== null && box.x >= 0 && box.x + box.width <= 400
  }
  await expect.poll(isInSight).toBe(true)
  await page.setViewportSize({ width: 1_440, height: 900 })
  expect(problems).toEqual([])
})

test('an address without a page says so, and an address of the API keeps to its own form', async () => {
  const answer = await visit.page.goto('/nowhere/at/all')
  expect(answer?.status()).toBe(404)
  await visit.page.getByText('There is no page at this address').waitFor()
  const api = await fetch(`${web.url}/api/v1/nowhere`, { headers: { authorization: `Bearer ${web.token}` } })
  expect([api.status, api.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8'])
})

test('each page carries a policy that lets its own scripts run and no others', async () => {
  for (const [path, status] of [
    ['/board', 200],
    ['/sessions/x', 200],
    ['/shared/x', 200],
    ['/sign-in/link', 200],
    ['/nowhere', 404],
    ['//board', 404],
    ['/..%2f..%2fetc/passwd', 404],
  ] as const) {
    const answer = await fetch(`${web.url}${path}`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const scripts = policy.split('; ').find((directive) => directive.startsWith('script-src')) ?? ''
    expect([path, answer.status, scripts]).toEqual([
      path,
      status,
      expect.stringMatching(/^script-src 'self'( 'sha256-[A-Za-z0-9+/]{43}=')+$/),
    ])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect([answer.headers.get('referrer-policy'), answer.headers.get('x-content-type-options')]).toEqual(['no-referrer', 'nosniff'])
  }
  const { page } = visit
  await page.goto('/board')
  const before = visit.problems.length
  await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.wasInjected = true'
    document.body.append(script)
  })
  expect(await page.evaluate(() => 'wasInjected' in window)).toBe(false)
  expect(visit.problems.splice(before).join()).toContain('Content Security Policy')
})
