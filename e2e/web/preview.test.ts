// The application under work, looked at through the Preview tab: while the agent runs it, and started by a person when the
// agent rests. The page that is shown tries to reach what is not its own.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FrameLocator, Page } from 'playwright-core'
import { freePort } from '../free-port.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

const PORT = 5173

/** Counts its visits by a cookie, and says what it could reach. */
const server = `require('http').createServer((request, response) => {
  if (request.url !== '/' && request.url !== '/other') return response.writeHead(404).end()
  const visits = Number(/visits=(\\d+)/.exec(request.headers.cookie || '')?.[1] || 0) + 1
  response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'visits=' + visits + '; Path=/; HttpOnly', 'x-frame-options': 'DENY' })
  response.end(\`<!doctype html><title>Sundial</title><h1>Sundial at \${request.url}</h1><p>visits: \${visits}, cookies: \${Object.keys(request.headers).includes('cookie')}</p><pre></pre><script>
    const found = []
    document.cookie = 'reach=1; domain=localhost; path=/'
    found.push(document.cookie === '' ? 'no cookie' : document.cookie)
    const attempt = (name, run) => { try { run(); found.push(name + ' open') } catch { found.push(name + ' closed') } }
    attempt('parent', () => parent.document.cookie)
    if (top !== self) attempt('top', () => { top.location = 'about:blank' })
    const home = location.ancestorOrigins?.[0]
    const answer = home ? fetch(home + '/api/v1/me', { credentials: 'include' }).then(() => 'api open', () => 'api closed') : Promise.resolve('alone')
    answer.then((said) => { found.push(said); document.querySelector('pre').textContent = found.join(', ') })
  </script>\`)
}).listen(${PORT}, '127.0.0.1', () => console.log('listening'))`

let web: Web
let visit: Visit
let page: Page
let id: string
let frame: FrameLocator

beforeAll(async () => {
  web = await openWeb({ SLIPWAY_PREVIEW_PORT: String(await freePort()) })
  visit = await web.visit({ as: 'ada@example.org' })
  page = visit.page
  page.setDefaultTimeout(20_000)
  const manifest = JSON.stringify({ scripts: { dev: 'node server.js' } })
  const write = `printf '%s' '${Buffer.from(server).toString('base64')}' | base64 -d > server.js; printf '%s' '${manifest}' > package.json`
  const bash = (command: string) => ({ tool_calls: [{ name: 'bash', input: { command } }] })
  const model = await web.cli.script('sundial', [bash(write), bash('node server.js')])
  const task = { task: 'Make a sundial', repository: web.cli.repository, model, autonomy: 'auto' }
  id = ((await web.call('POST', '/sessions', task)) as { id: string }).id
  await page.goto(`/sessions/${id}`)
  await page.getByRole('tab', { name: 'Preview' }).click()
  frame = page.frameLocator(`iframe[title="Preview of port ${PORT}"]`)
}, 300_000)
afterAll(() => web.close())

/** What the page in the frame tries, and is refused. */
const ATTEMPTS = /\.localhost:\d+|about:blank|net::ERR_FAILED \(http:\/\/127\.0\.0\.1:\d+\/api\/v1\/me\)/
const reached = 'no cookie, parent closed, top closed, api closed'

test('what the agent runs is shown as it runs, in a frame that reaches nothing of ours', async () => {
  await frame.getByRole('heading', { name: 'Sundial at /' }).waitFor()
  await expect.poll(() => frame.locator('pre').textContent()).toBe(reached)
  expect(page.url()).toContain(`/sessions/${id}`)
  await frame.getByText('visits: 1').waitFor()
  await page.getByRole('button', { name: 'Reload the preview' }).click()
  await frame.getByText('visits: 2').waitFor()
  expect((await visit.context.cookies(web.url)).map(({ name }) => name)).not.toContain('reach')
})

test('when the agent rests there is nothing, until a person starts the application from where it was left', async () => {
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('Nothing listens in the sandbox').waitFor()
  await page.getByRole('button', { name: 'Start preview' }).click()
  await frame.getByRole('heading', { name: 'Sundial at /' }).waitFor()
  const path = page.getByRole('textbox', { name: 'Path in the application' })
  await path.fill('other')
  await path.press('Enter')
  await frame.getByRole('heading', { name: 'Sundial at /other' }).waitFor()
  const [tab] = await Promise.all([
    visit.context.waitForEvent('page'),
    page.getByRole('button', { name: 'Open in a tab of its own' }).click(),
  ])
  await tab.getByRole('heading', { name: 'Sundial at /other' }).waitFor()
  expect(await tab.evaluate(() => window.opener)).toBe(null)
  expect(new URL(tab.url()).hostname).toMatch(/^p[0-9a-f]{31}\.localhost$/)
  await page.getByText('ready: npm run dev').waitFor()
  await tab.close()
})

test('a stranger finds neither the session’s previews nor the preview', async () => {
  const src = (await page.locator('iframe').getAttribute('src')) ?? ''
  const stranger = await web.visit({ as: 'bob@example.org' })
  const { request } = stranger.context
  for (const [method, path, data] of [
    ['get', '', undefined],
    ['post', '', { port: PORT }],
    ['post', '/local', {}],
    ['delete', '/local', undefined],
  ] as const) {
    const answer = await request[method](`${web.url}/api/v1/sessions/${id}/previews${path}`, { data, headers: { origin: web.url } })
    expect([method, path, answer.status()]).toEqual([method, path, 404])
  }
  for (const address of [src, new URL('/', src).href]) {
    const shown = await stranger.page.goto(address)
    expect(shown?.status()).toBe(404)
    await stranger.page.getByText('There is no preview here for you').waitFor()
  }
  await stranger.close()
})

test('a preview is stopped by its button, and one that cannot run says why', async () => {
  await page.getByRole('button', { name: 'Stop preview' }).click()
  await page.getByText('A person stopped it.').first().waitFor()
  await page.getByText('With another command').click()
  await page.getByRole('textbox', { name: 'Command' }).fill('echo no such sundial >&2; exit 4')
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.getByText('ended with exit code 4').first().waitFor()
  await expect.poll(() => page.getByRole('log', { name: 'What the command printed' }).textContent()).toBe('no such sundial')
})

test('it works on a narrow screen', async () => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.getByRole('tab', { name: 'Preview' }).click()
  await page.getByRole('textbox', { name: 'Command' }).fill('')
  await page.getByRole('button', { name: 'Start again' }).click()
  await frame.getByRole('heading', { name: 'Sundial at /' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  expect(visit.problems.filter((problem) => !ATTEMPTS.test(problem))).toEqual([])
})
