// The board, the usage, the settings, the notices and the administration, over a real repository and sessions in it.

import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GoogleDouble, startGoogleDouble } from '../../apps/server/src/testing/google-double.ts'
import { type NotionDouble, startNotionDouble } from '../doubles/notion/start-notion-double.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

const FEATURES = `features:
  - { id: store, title: A store that keeps everything, status: done }
  - { id: sign-in, title: People sign in, needs: [store] }
  - { id: search, title: Search over everything, description: 'Full text, with excerpts.', needs: [store, sign-in] }
  - { id: export, title: Export to Markdown and HTML, needs: [search] }
  - { id: ring-a, title: First of a ring, needs: [ring-b] }
  - { id: ring-b, title: Second of a ring, needs: [ring-a] }
`

const notionToken = 'ntn_around-token-0001'
let web: Web
let notion: NotionDouble
let google: GoogleDouble
let visit: Visit
let repository: string
beforeAll(async () => {
  notion = await startNotionDouble({ token: notionToken })
  google = await startGoogleDouble()
  web = await openWeb({ NOTION_API_URL: notion.url, NOTION_TOKEN: notionToken, ...google.environment })
  repository = join(web.cli.home, 'clock')
  await mkdir(join(repository, '.slipway'), { recursive: true })
  await writeFile(join(repository, '.slipway', 'features.yaml'), FEATURES)
  const git = (...rest: string[]) => execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b.example', ...rest])
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'Features')
  const model = await web.cli.script('around', [{ text: 'Nothing to change here.' }])
  for (const task of ['Let people sign in [sign-in]', 'Look around'])
    await web.call('POST', '/sessions', { task, repository, model, autonomy: 'auto' })
  const roadmap = notion.addDatabase('Roadmap', {
    Name: 'title',
    Status: { type: 'status', options: ['Ready', 'In Progress', 'In Review', 'Blocked', 'Done'] },
    Repository: 'rich_text',
  })
  notion.addPage(roadmap.dataSourceId, { Name: 'Polish the glass', Status: 'In Progress' })
  notion.addPage(roadmap.dataSourceId, { Name: 'Mend another one', Status: 'In Progress', Repository: 'acme/other' })
  await web.call('POST', '/notion/connections', { databaseId: roadmap.databaseId, isQueue: false, defaults: { repository } })
  visit = await web.visit({ as: 'ada@example.org' })
}, 300_000)
afterAll(async () => {
  await web.close()
  await notion.close()
  await google.close()
})

const sessionsNow = async () =>
  ((await web.call('GET', '/sessions')) as { sessions: { id: string; status: string; title: string }[] }).sessions

/** A list of figures, by their names and without their notes. */
function figuresOf(page: Page): Promise<Record<string, string>> {
  return page
    .locator('dl')
    .first()
    .locator('> div')
    .evaluateAll((figures) =>
      Object.fromEntries(
        figures.map((figure) => [figure.querySelector('dt')?.textContent, figure.querySelector('dd')?.firstChild?.textContent]),
      ),
    )
}

test('the board shows features with their sessions, and the graph says what needs what and leads back to the board', async () => {
  const { page, problems } = visit
  await page.goto('/board')
  const doing = page.getByRole('region', { name: 'Doing, 2' })
  await doing.getByRole('link', { name: /Let people sign in/ }).waitFor()
  const task = doing.getByRole('listitem').filter({ hasText: 'Polish the glass' })
  await task.getByText('Notion: Roadmap').waitFor()
  expect(await task.getByRole('link').getAttribute('href')).toMatch(/^https:/)
  expect(await page.getByText('Mend another one').count()).toBe(0)
  await expect.poll(async () => (await sessionsNow()).map(({ status }) => status)).toEqual(['done', 'done'])
  await page.reload()
  await doing.waitFor()
  expect(await figuresOf(page)).toMatchObject({ 'Features done': '1 of 6', Sessions: '2', Verified: '0', Failed: '0', Cost: '$0.00' })
  expect((await figuresOf(page))['Median duration']).toMatch(/^\d[\d.]* (ms|s|min)/)
  await page.getByText('Blocked: needs People sign in', { exact: true }).waitFor()
  await page.getByRole('region', { name: 'Tasks' }).getByRole('link', { name: 'Look around' }).waitFor()
  await page.getByRole('button', { name: 'Graph' }).click()
  await page
    .getByText(/First of a ring needs Second of a ring needs First of a ring|Second of a ring needs First/)
    .first()
    .waitFor()
  const node = page.getByRole('link', {
    name: 'Search over everything. To do, blocked. Needs A store that keeps everything and People sign in.',
  })
  await node.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Search over everything' }).waitFor()
  expect(new URL(page.url()).searchParams.get('feature')).toBe('search')
  expect(problems).toEqual([])
})

test('usage adds the sessions up, sorts, and keeps a limit that somebody sets and takes away', async () => {
  const { page, problems } = visit
  await page.goto('/usage?days=7')
  await page.getByRole('table', { name: 'Usage by repository' }).getByRole('rowheader', { name: 'clock' }).waitFor()
  await page.getByRole('region', { name: 'Usage by repository' }).getByRole('button', { name: 'Sessions' }).click()
  const byRepository = page.getByRole('table', { name: 'Usage by repository' })
  expect(await byRepository.getByRole('columnheader', { name: 'Sessions' }).getAttribute('aria-sort')).toBe('descending')
  expect(await figuresOf(page)).toMatchObject({ Cost: '$0.00', Sessions: '2', Verified: '0 %' })
  const bars = page.locator('.recharts-bar-rectangle path')
  await page.getByText('Nothing was paid for in this time.').waitFor()
  for (const measure of ['Sessions', 'Duration', 'Tokens']) {
    await page
      .getByRole('region', { name: 'What the chart shows' })
      .or(page.getByRole('group', { name: 'What the chart shows' }))
      .getByText(measure)
      .click()
    await bars.first().waitFor()
  }
  await page.getByText('The same as a table').click()
  const cells = (table: string) => page.getByRole('table', { name: table }).locator('tbody tr').first().locator('th, td').allInnerTexts()
  const time = expect.stringMatching(/^\d[\d.]* (ms|s|min)/)
  expect(await cells('Usage by day')).toEqual([expect.any(String), '2', '0', '0', expect.any(String), expect.any(String), '$0.00', time])
  const [model, cost, sessions, verified, failed, median] = await cells('Usage by model')
  expect([model, cost, sessions, verified, failed, median]).toEqual(['scripted/around.json', '$0.00', '2', '0 %', '0', time])
  const limit = page.getByRole('textbox', { name: 'Your limit in dollars, each month' })
  await limit.fill('lots')
  await limit.press('Enter')
  await page.getByText('Type dollars with at most two decimals, such as 12.50.').waitFor()
  await limit.fill('12.50')
  await limit.press('Enter')
  await page.getByText('of $12.50').waitFor()
  await page.getByRole('button', { name: 'Remove your limit, each month' }).click()
  await page.getByText('of $12.50').waitFor({ state: 'detached' })
  expect(problems).toEqual([])
})

test('what somebody sets is kept: model, sandbox and mode with the person, the theme in the browser', async () => {
  const { page, problems } = visit
  const { models } = (await web.call('GET', '/models/choices')) as { models: { model: string; isReady: boolean }[] }
  const model = models.find(({ isReady }) => isReady)?.model ?? ''
  const ownModel = page.getByRole('combobox', { name: 'Model', exact: true }).first()
  const sandbox = page.getByRole('radio', { name: /^Bubblewrap/ })
  const theme = page.getByRole('radio', { name: 'Dark', exact: true })
  const saved = () => page.waitForResponse((answer) => answer.url().endsWith('/me') && answer.request().method() === 'PATCH' && answer.ok())
  await page.goto('/settings#models')
  for (const change of [
    () => ownModel.selectOption(model),
    async () => {
      await page.goto('/settings#sandbox')
      await sandbox.click()
    },
  ]) {
    const isSaved = saved()
    await change()
    await isSaved
  }
  await page.goto('/settings#appearance')
  await theme.check()
  await page.locator('html.dark').waitFor()

  await page.reload()
  await page.locator('html.dark').waitFor()
  await expect.poll(() => theme.isChecked()).toBe(true)
  await page.goto('/settings#sandbox')
  await expect.poll(() => sandbox.isChecked()).toBe(true)
  await page.goto('/settings#models')
  await expect.poll(() => ownModel.inputValue()).toBe(model)
  const elsewhere = await web.visit({ as: 'ada@example.org' })
  await elsewhere.page.goto('/settings#models')
  await expect.poll(() => elsewhere.page.getByRole('combobox', { name: 'Model', exact: true }).first().inputValue()).toBe(model)
  expect(await elsewhere.page.locator('html.dark').count()).toBe(0)
  await elsewhere.close()
  await page.goto('/settings#appearance')
  await page.getByRole('radio', { name: /^As the system/ }).check()
  await page.locator('html:not(.dark)').waitFor()
  expect(problems).toEqual([])
})

test('a choice shows at once, says that it is being saved, and goes back with the reason when it is refused', async () => {
  const { page, problems } = visit
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  await page.route('**/api/v1/me', async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback()
    await answered
    const error = { code: 'unavailable', message: 'The database is away.', requestId: 'r' }
    return route.fulfill({ status: 503, json: { error } })
  })
  await page.goto('/settings#sandbox')
  const group = page.getByRole('group', { name: 'Sandbox' })
  const chosen = group.getByRole('radio', { name: /^Bubblewrap/ })
  const other = group.getByRole('radio', { name: /^Docker/ })
  await expect.poll(() => chosen.isChecked()).toBe(true)
  await other.click()
  await group.getByText('Saving …').waitFor()
  expect(await other.isChecked()).toBe(true)
  answer()
  await page.getByText('The database is away.').waitFor()
  await expect.poll(() => chosen.isChecked()).toBe(true)
  expect(await group.getByText('Saving …').count()).toBe(0)
  await page.unroute('**/api/v1/me')
  expect(problems.splice(0)).toEqual([expect.stringContaining('503')])
})

test('a key is made, shown once, used and revoked', async () => {
  const { page, problems } = visit
  const use = (key: string) => fetch(`${web.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } })
  await page.goto('/settings#keys')
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('nightly')
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const key = await dialog.locator('code').innerText()
  expect(await (await use(key)).json()).toMatchObject({ email: 'ada@example.org', via: 'key' })
  await dialog.getByRole('button', { name: 'I have it' }).click()
  await page.reload()
  await page.getByText(/^ends in \S+ · made .* · used (now|\d)/).waitFor()
  expect(await page.content()).not.toContain(key)
  await page.getByRole('button', { name: 'Revoke' }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('“nightly” no longer counts').waitFor()
  await page.getByText('No keys').waitFor()
  expect((await use(key)).status).toBe(401)
  expect(problems).toEqual([])
})

test('another browser is signed out, then all of them', async () => {
  const [here, lost, third] = [
    await web.visit({ as: 'dora@example.org' }),
    await web.visit({ as: 'dora@example.org' }),
    await web.visit({ as: 'dora@example.org' }),
  ]
  const status = async ({ context }: Visit) => (await context.request.get(`${web.url}/api/v1/me`)).status()
  await lost.page.goto('/settings')
  await lost.page.getByText('Signed-in browsers').waitFor()
  await here.page.goto('/settings#profile')
  const others = here.page.getByText(/^Seen .* · signed in/)
  await others.nth(1).waitFor()
  await here.page.getByText(/^This browser · /).waitFor()
  const row = others.first().locator('xpath=ancestor::div[.//button][1]')
  await row.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect.poll(() => others.count()).toBe(1)
  expect(await status(here)).toBe(200)
  expect([await status(lost), await status(third)].sort()).toEqual([200, 401])

  // While its own answer is on the way, what this page asks for is refused: that must not lead it away a second time.
  await here.page.route('**/api/v1/devices', async (route) => {
    if (route.request().method() !== 'DELETE') return route.fallback()
    const response = await route.fetch()
    const refused = here.page.waitForResponse((answer) => answer.status() === 401)
    await row.getByRole('button', { name: 'Sign out', exact: true }).click()
    await refused
    return route.fulfill({ response })
  })
  const ways: string[] = []
  here.page.on('request', (request) => request.isNavigationRequest() && ways.push(request.url()))
  await here.page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await here.page.waitForURL(/\/sign-in/)
  expect(ways).toEqual([`${web.url}/sign-in`])
  for (const visitor of [here, lost, third]) expect(await status(visitor)).toBe(401)
  // In a page of its own: the one that is open may be on its way already.
  const anew = await lost.context.newPage()
  await anew.goto(`${web.url}/settings`)
  await anew.waitForURL(/\/sign-in\?next=%2Fsettings/)
  for (const visitor of [here, lost, third]) await visitor.close()
})

test('somebody signs in with Google from the page, and is who Google says', async () => {
  google.claims = { sub: 'google-7', aud: 'slipway', email: 'gwen@example.org', email_verified: true, name: 'Gwen' }
  const { page, context, problems, close } = await web.visit()
  await page.goto('/sign-in?next=/usage')
  await page.getByRole('button', { name: 'Continue with Google' }).click()
  await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor()
  expect(await (await context.request.get(`${web.url}/api/v1/me`)).json()).toMatchObject({ email: 'gwen@example.org', name: 'Gwen' })
  expect(problems.filter((problem) => !problem.startsWith(`request to ${google.url}`))).toEqual([])
  await close()
})

/** Presses Tab until what has the focus is this. */
async function tabTo(target: Locator): Promise<void> {
  const presses = 200
  for (let press = 0; press < presses; press++) {
    if (await target.evaluateAll((found) => found.some((element) => element === document.activeElement))) return
    await target.page().keyboard.press('Tab')
  }
  throw new Error(`Tab was pressed ${presses} times and never came to ${target}`)
}

test('a session goes from the composer to its approval, and to a comment on what it changed, without a click', async () => {
  const tool = (name: string, input: Record<string, unknown>) => ({ tool_calls: [{ name, input }] })
  const model = await web.cli.script('by-keys', [
    tool('write_file', { path: 'keys.txt', content: 'one\ntwo\n' }),
    tool('commit', { message: 'Add keys' }),
    tool('publish', { title: 'Add keys', summary: 'It was asked for.' }),
    tool('finish', { summary: 'The keys are there.' }),
    { text: 'Two it stays.' },
  ])
  const { page, problems, close } = await web.visit({ as: 'ada@example.org' })
  await page.addInitScript(() => {
    addEventListener('pointerdown', () => Object.assign(window, { wasClicked: true }), true)
  })
  const { keyboard } = page
  await page.goto(`/?${new URLSearchParams({ repository: web.cli.repository, model, mode: 'plan' })}`)
  await page.getByRole('button', { name: /^Model: .*by-keys/ }).waitFor()
  await keyboard.press('n')
  await keyboard.type('Add the keys')
  await keyboard.press('Enter')
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)

  const approve = page.getByRole('button', { name: 'Approve' })
  await approve.waitFor({ timeout: 90_000 })
  await tabTo(approve)
  await keyboard.press('Enter')
  await page.getByRole('log').getByRole('region', { name: 'How it ended' }).waitFor()

  const changes = page.getByRole('tab', { name: 'Changes' })
  const tabs = page.getByRole('tablist').filter({ has: changes }).getByRole('tab')
  await tabTo(tabs)
  for (let press = 0; press < (await tabs.count()); press++) {
    if (await changes.evaluate((tab) => tab === document.activeElement)) break
    await keyboard.press('ArrowRight')
  }
  await keyboard.press('Enter')
  const lines = page.getByRole('group', { name: /^Lines of keys\.txt/ })
  await lines.getByText('two').first().waitFor()
  await tabTo(lines)
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await keyboard.press(key)
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Comment on keys.txt, line 2' }).evaluate((box) => box === document.activeElement))
    .toBe(true)
  await keyboard.type('Why two?')
  await keyboard.press('Control+Enter')
  await page.getByRole('button', { name: 'Remove the comment on line 2' }).waitFor()
  await tabTo(page.getByRole('textbox', { name: 'Message to the agent' }))
  await keyboard.type('Tell me.')
  await keyboard.press('Enter')
  await page.getByRole('log').getByText('Two it stays.').waitFor()
  await page.getByRole('log').getByText('Why two?').waitFor()
  expect(await page.evaluate(() => 'wasClicked' in window)).toBe(false)
  expect(problems).toEqual([])
  await close()
}, 240_000)

test('a browser tells of sessions that need somebody once it was asked to, once each, and no more when it is told to stop', async () => {
  const asking = await web.cli.script('asking', [
    { tool_calls: [{ name: 'update_plan', input: { steps: [{ title: 'Look', status: 'open' }] } }] },
    { text: 'As you say.' },
  ])
  const ask = async (title: string): Promise<void> => {
    await web.call('POST', '/sessions', { task: title, title, repository: web.cli.repository, model: asking, autonomy: 'ask' })
    const waits = async () => (await sessionsNow()).find((session) => session.title === title)?.status
    await expect.poll(waits).toBe('waiting')
  }
  const { page, context, problems } = await web.visit({ as: 'ada@example.org' })
  await context.grantPermissions(['notifications'])
  await page.addInitScript(() => {
    const shown: unknown[] = []
    class Recorded extends Notification {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options)
        shown.push([title, options?.body])
      }
    }
    Object.assign(window, { Notification: Recorded, shownNotices: shown })
  })
  const shown = () => page.evaluate(() => (window as unknown as { shownNotices: unknown[] }).shownNotices)
  const toggle = page.getByRole('switch', { name: 'Tell me when a session needs me' })
  await page.goto('/settings#notifications')
  await page.getByText('Off until you ask for it.').waitFor()
  await ask('Before anybody asked')
  expect(await shown()).toEqual([])
  const looked = page.waitForResponse((answer) => answer.url().includes('need=needs-you&limit=50'))
  await toggle.check()
  await page.getByText('This browser tells you').waitFor()
  await looked
  await ask('After it was asked')
  await expect.poll(shown).toEqual([['After it was asked', expect.stringContaining('plan')]])
  await toggle.uncheck()
  await page.getByText('Off until you ask for it.').waitFor()
  await ask('After it was told to stop')
  expect(await shown()).toHaveLength(1)
  expect(problems).toEqual([])
  await page.close()
}, 180_000)

test('a browser can install it', async () => {
  const { page, context } = visit
  await page.goto('/')
  const manifest = (await (await context.request.get(`${web.url}/manifest.webmanifest`)).json()) as {
    icons: { src: string; type: string }[]
  }
  expect(manifest).toMatchObject({ name: 'Slipway', start_url: '/', display: 'standalone' })
  for (const { src, type } of manifest.icons) {
    const icon = await context.request.get(new URL(src, web.url).href)
    expect([src, icon.status(), icon.headers()['content-type']]).toEqual([src, 200, type])
  }
  const protocol = await context.newCDPSession(page)
  const { errors, url } = await protocol.send('Page.getAppManifest')
  expect([errors, new URL(url).pathname]).toEqual([[], '/manifest.webmanifest'])
  const { installabilityErrors } = await protocol.send('Page.getInstallabilityErrors')
  // What a test visits with is a private window.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
})

test('an administrator sees the installation and invites; the only one cannot go; a member is told whose page it is', async () => {
  const { page, problems } = visit
  await page.goto('/admin')
  await page.getByText('Waiting for a worker').waitFor()
  await page.getByRole('button', { name: 'People' }).click()
  await page.getByText('The only administrator').waitFor()
  expect(await page.getByRole('combobox', { name: 'Role of ada@example.org' }).isDisabled()).toBe(true)
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('grace@example.org')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByText('invited, has not signed in yet').waitFor()
  await page.getByRole('button', { name: 'Policies' }).click()
  await page.getByText('SLIPWAY_SIGN_UP').waitFor()
  await page.getByRole('button', { name: 'Audit' }).click()
  await page.getByRole('textbox', { name: 'Filter' }).fill('invited')
  await page.getByText('Person invited').waitFor()
  await page.getByRole('button', { name: 'Health' }).click()
  await page.getByRole('button', { name: 'Look again' }).waitFor()
  expect(problems).toEqual([])
  const member = await web.visit({ as: 'grace@example.org' })
  await member.page.goto('/admin')
  await member.page.getByText('This page is for administrators').waitFor()
  await member.page.goto('/board')
  await member.page.getByText('No repository yet').waitFor()
  // The guide is for the first person; the tutorial is for everybody.
  await member.page.goto('/')
  await member.page.getByRole('button', { name: 'Take the short tutorial' }).click()
  await member.page.getByRole('dialog', { name: 'Short tutorial' }).waitFor()
  await member.page.keyboard.press('Escape')
  await member.page.getByRole('button', { name: 'Take the short tutorial' }).waitFor({ state: 'detached' })
  expect(member.problems).toEqual([])
})

test('a viewer reads what is theirs or shared with them, can do nothing, and is told why', async () => {
  const { page } = visit
  const viewer = await web.visit({ as: 'vera@example.org' })
  const post = (path: string, data: object) =>
    viewer.context.request.post(`${web.url}/api/v1${path}`, { data, headers: { origin: web.url } })
  // While they were a member, they began something.
  const { id } = (await (await post('/sample', {})).json()) as { id: string }
  const read = async (path: string) =>
    (await viewer.context.request.get(`${web.url}/api/v1${path}`)).json() as Promise<Record<string, string>>
  const { title = '' } = await read(`/sessions/${id}`)
  const { sessions } = (await web.call('GET', '/sessions')) as { sessions: { id: string; title: string }[] }
  const theirs = sessions.find(({ title }) => title === 'Look around')?.id ?? ''
  const share = (await web.call('POST', `/sessions/${theirs}/shares`, {})) as { token: string }

  // Another hash alone loads no page.
  await page.goto('about:blank')
  await page.goto('/admin#people')
  await page.getByRole('combobox', { name: 'Role of vera@example.org' }).selectOption('viewer')
  await expect.poll(async () => (await read('/me'))['role']).toBe('viewer')

  await viewer.page.goto('/')
  await viewer.page.getByText('You may look at sessions, but not start any. An administrator can make you a member.').waitFor()
  const card = viewer.page.getByRole('link', { name: title })
  await card.waitFor()
  expect(await viewer.page.getByRole('textbox', { name: 'What should be done?' }).count()).toBe(0)
  expect(await viewer.page.getByRole('button', { name: /^Archive/ }).count()).toBe(0)
  await card.click()
  await viewer.page.getByText('You may look at this session, not speak in it.').waitFor()
  await viewer.page.getByText('Live', { exact: true }).first().waitFor()
  const steps = viewer.page.getByRole('listbox', { name: 'Steps' })
  await steps.getByRole('option').first().waitFor()
  await steps.focus()
  for (const key of ['Home', 'Enter']) await viewer.page.keyboard.press(key)
  await viewer.page.getByRole('button', { name: 'Back to live' }).first().waitFor()
  const doing = /^(Send|Stop|Resume|Rename|Approve|Decline|Good|Not good|Fork|Roll back|Share)/
  expect(await viewer.page.getByRole('button', { name: doing }).count()).toBe(0)
  expect(await viewer.page.getByRole('textbox', { name: /message/i }).count()).toBe(0)
  await viewer.page.getByRole('button', { name: 'More about this session' }).click()
  expect(await viewer.page.getByRole('menuitem').allInnerTexts()).toEqual(['Export as Markdown', 'Export as HTML', 'Export as JSON'])
  expect(viewer.problems).toEqual([])

  await viewer.page.goto(`/shared/${share.token}`)
  await viewer.page.getByRole('log').getByText('Nothing to change here.').first().waitFor()
  await viewer.page.goto(`/sessions/${theirs}`)
  await viewer.page.getByText('There is no such session').waitFor()
  // Whoever asks the API past the page hears the same.
  for (const [path, data] of [
    ['/sessions', { task: 'x', repository: 'acme/clock' }],
    [`/sessions/${id}/messages`, { text: 'x' }],
    [`/sessions/${id}/resume`, {}],
  ] as const)
    expect((await post(path, data)).status()).toBe(403)
})
