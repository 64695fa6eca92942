// The board, the usage and the administration, over a real repository and sessions in it.

import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWeb, type Visit, type Web } from './browser.ts'

const FEATURES = `features:
  - { id: store, title: A store that keeps everything, status: done }
  - { id: sign-in, title: People sign in, needs: [store] }
  - { id: search, title: Search over everything, description: 'Full text, with excerpts.', needs: [store, sign-in] }
  - { id: export, title: Export to Markdown and HTML, needs: [search] }
  - { id: ring-a, title: First of a ring, needs: [ring-b] }
  - { id: ring-b, title: Second of a ring, needs: [ring-a] }
`

let web: Web
let visit: Visit
let repository: string
beforeAll(async () => {
  web = await openWeb()
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
  visit = await web.visit({ as: 'ada@example.org' })
}, 120_000)
afterAll(() => web.close())

test('the board shows features with their sessions, and the graph says what needs what and leads back to the board', async () => {
  const { page, problems } = visit
  await page.goto('/board')
  const doing = page.getByRole('region', { name: 'Doing, 1' })
  await doing.getByRole('link', { name: /Let people sign in/ }).waitFor()
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
  expect(await page.getByRole('columnheader', { name: 'Sessions' }).first().getAttribute('aria-sort')).toBe('descending')
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
}, 90_000)
