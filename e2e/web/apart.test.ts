// The pages from a server of their own, the API from another process behind it: one origin for the browser.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtPages } from '../../apps/server/src/web/built-pages.ts'
import { freePort } from '../free-port.ts'
import { launchBrowser, openWeb, startVisit, type Visit, type Web } from './browser.ts'
import { type PageServer, startPageServer } from './page-server.ts'

let web: Web
let pages: PageServer
let visit: Visit
let closeBrowser: () => Promise<void>
beforeAll(async () => {
  const port = await freePort()
  web = await openWeb({ SLIPWAY_PUBLIC_URL: `http://127.0.0.1:${port}`, SLIPWAY_TRUSTED_PROXIES: '127.0.0.1' })
  pages = await startPageServer({ folder: builtPages, api: new URL(web.url), port })
  const browser = await launchBrowser()
  closeBrowser = () => browser.close()
  visit = await startVisit(browser, pages.url, {})
  await signIn('ada@example.org')
}, 300_000)
afterAll(async () => {
  await closeBrowser()
  await pages.close()
  await web.close()
})

/** Whoever comes from elsewhere is not shown the link: it stands in the log of the server. */
async function signIn(email: string): Promise<void> {
  const { request } = visit.context
  const asked = await request.post(`${pages.url}/api/auth/sign-in/magic-link`, { data: { email }, headers: { origin: pages.url } })
  expect(await asked.json()).toMatchObject({ shownLink: null })
  const link = /http:[^"\s]+\/magic-link\/verify\?[^"\s]+(?=["\s])/
  await web.server.until(link)
  const [address = ''] = link.exec(web.server.stdout() + web.server.stderr()) ?? []
  expect(address.startsWith(pages.url)).toBe(true)
  await request.get(address, { maxRedirects: 0 })
}

test('somebody signs in, starts a session, watches it live and finds every page, all at the address of the pages', async () => {
  const { page, problems } = visit
  const model = await web.cli.script('apart', [{ text: 'Nothing to change, said from afar.' }])
  await page.goto('/')
  await page.evaluate(() => Object.assign(window, { isSameDocument: true }))
  const started = await page.evaluate(
    async (body) =>
      (await (await fetch('/api/v1/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()).id,
    JSON.stringify({ task: 'Look from afar', repository: web.cli.repository, model, autonomy: 'auto' }),
  )
  // The list hears of it, and following the link loads no other document.
  await page.getByRole('link', { name: 'Look from afar' }).click()
  await page.waitForURL(`**/sessions/${started}`)
  await page.getByRole('log').getByText('Nothing to change, said from afar.').waitFor()
  await page.getByText('Live', { exact: true }).first().waitFor()
  expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true)
  await page.reload()
  await page.getByRole('log').getByText('Nothing to change, said from afar.').waitFor()
  for (const [address, name] of [
    ['/plans', 'Plans'],
    ['/board', 'Board'],
    ['/settings', 'Settings'],
    ['/admin', 'Admin'],
  ] as const) {
    await page.goto(address)
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  // Nothing was refused by the one policy for all pages, and nothing was asked of another address.
  expect(problems).toEqual([])
})

test('what another origin sends is refused, and so is a page that is not there', async () => {
  const { context, page } = visit
  const foreign = await context.request.post(`${pages.url}/api/v1/sessions`, { data: {}, headers: { origin: web.url } })
  expect(foreign.status()).toBe(403)
  const nowhere = await page.goto('/nowhere/at/all')
  expect(nowhere?.status()).toBe(404)
  await page.getByText('There is no page at this address').waitFor()
  expect(visit.problems.splice(0).every((problem) => problem.includes('404'))).toBe(true)
})
