// What is connected, in a browser: repositories of both forges and of this machine to choose from, watched repositories, webhooks,
// teams, mails that nobody sends.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GithubDouble, startGithubDouble } from '../doubles/github/start-github-double.ts'
import { git } from '../doubles/github/git-command.ts'
import { type GitlabDouble, startGitlabDouble } from '../doubles/gitlab/start-gitlab-double.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

const tokens = { github: 'token-of-github-0001', gitlab: 'token-of-gitlab-0001', vercel: 'token-of-vercel-0001' }
let github: GithubDouble
let gitlab: GitlabDouble
let vercel: VercelDouble
let web: Web
let visit: Visit
let model: string

beforeAll(async () => {
  vercel = await startVercelDouble()
  vercel.addUser(tokens.vercel, 'ada')
  for (const slug of ['blue', 'red']) vercel.addTeam({ slug, tokens: [tokens.vercel] })
  web = await openWeb(async ({ repository }) => {
    await git(repository, ['branch', 'develop', 'main'])
    github = await startGithubDouble({
      token: tokens.github,
      repositories: [
        { slug: 'acme/clock', from: repository, isPrivate: true },
        { slug: 'acme/parser', from: null, isListedOnly: true },
      ],
    })
    gitlab = await startGitlabDouble({ token: tokens.gitlab, projects: [{ path: 'acme/tools/ui', from: repository }] })
    return {
      GITHUB_URL: github.url,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_TOKEN: tokens.github,
      GITLAB_URL: gitlab.url,
      GITLAB_TOKEN: tokens.gitlab,
      VERCEL_API_URL: vercel.url,
      GITHUB_APP_WEBHOOK_SECRET: 'a secret of the webhook',
      SLIPWAY_FOLLOW_SECONDS: '1',
    }
  })
  model = await web.cli.script('quick', [{ text: 'Nothing to change.' }])
  visit = await web.visit({ as: 'ada@example.org' })
}, 180_000)
afterAll(async () => {
  await web.close()
  await Promise.all([github.close(), gitlab.close(), vercel.close()])
})

test('repositories of any place that were worked on come first, then those of both forges, each with its branches', async () => {
  const { page, problems } = visit
  for (const repository of [`${github.url}/acme/clock`, web.cli.repository])
    await web.call('POST', '/sessions', { task: 'Look', repository, model, autonomy: 'auto' })
  await page.goto(`/?${new URLSearchParams({ model, mode: 'auto', task: 'Greet politely' })}`)
  await page.getByRole('button', { name: /^Repository/ }).click()
  const option = (name: RegExp) => page.getByRole('option', { name })
  await option(/acme\/parser/).waitFor()
  await option(/acme\/tools\/ui/).waitFor()
  // Those that were worked on are asked for apart from the others, and may come later.
  const named = /repository\.git|acme\/clock|A new repository|acme\/parser|acme\/tools\/ui/
  await expect
    .poll(async () => (await page.getByRole('listbox').getByRole('option').allTextContents()).map((line) => named.exec(line)?.[0]))
    .toEqual(['repository.git', 'acme/clock', 'A new repository', expect.anything(), expect.anything()])
  await page.keyboard.type('tools')
  await option(/acme\/parser/).waitFor({ state: 'detached' })
  await option(/acme\/tools\/ui/).click()
  await page.getByRole('button', { name: /^Repository: .*acme\/tools\/ui/ }).waitFor()

  await page.getByRole('button', { name: /^Start from/ }).click()
  await option(/main.*default/).waitFor()
  await option(/develop/).click()
  await page.getByRole('button', { name: 'Start from: develop' }).waitFor()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.waitForURL(/\/sessions\/\w+/)
  const { repository } = (await web.call('GET', `/sessions/${page.url().split('/').at(-1)}`)) as { repository: unknown }
  expect(repository).toMatchObject({ url: `${gitlab.url}/acme/tools/ui`, forge: 'gitlab', base: 'develop' })
  expect(problems).toEqual([])
})

test('a repository is watched, paused and left alone, and it is said when nothing can be heard from there', async () => {
  const { page, problems } = visit
  await page.goto('/settings#connections')
  await page.getByRole('button', { name: 'Watch a repository' }).click()
  const dialog = page.getByRole('dialog', { name: 'Watch a repository' })
  await dialog.getByLabel('Repository').fill('no slug')
  await dialog.getByRole('button', { name: 'Watch it' }).click()
  await dialog.getByText(/must be owner\/name/).waitFor()
  await dialog.getByLabel('Repository').fill('acme/clock')
  await dialog.getByLabel('Label').fill('agent')
  await dialog.getByLabel('What waits for you').selectOption('auto')
  await dialog.getByRole('button', { name: 'Watch it' }).click()
  await page.getByText('GitHub · label agent · @slipway · nothing waits for you', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Watch a repository' }).click()
  await dialog.getByLabel('Where').selectOption('gitlab')
  await dialog.getByLabel('Repository').fill('acme/tools/ui')
  await dialog.getByRole('button', { name: 'Watch it' }).click()
  await page.getByText(/no webhook of GitLab is set up on this server, so nothing is heard/).waitFor()
  await page.getByRole('button', { name: 'Pause' }).first().click()
  await page.getByText(/nothing waits for you · paused/).waitFor()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText(/nothing waits for you · paused/).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Stop watching' }).first().click()
  await page.getByText(/label agent/).waitFor({ state: 'detached' })
  const { triggers } = (await web.call('GET', '/triggers')) as { triggers: { slug: string }[] }
  expect(triggers.map(({ slug }) => slug)).toEqual(['acme/tools/ui'])
  expect(problems.filter((problem) => !problem.includes('status of 400'))).toEqual([])
})

test('an administrator sees where others deliver, and a secret once', async () => {
  const { page } = visit
  await page.goto('/settings#connections')
  await page.getByText('Taken, when it is signed with the secret of GITHUB_APP_WEBHOOK_SECRET').waitFor()
  const open = async (label: string) => {
    await page.getByRole('button', { name: `Set up the webhook of ${label}` }).click()
    return page.getByRole('dialog', { name: `The webhook of ${label}` })
  }
  const gitlabs = await open('GitLab')
  await gitlabs.getByText(`${web.url}/api/webhooks/gitlab`, { exact: true }).waitFor()
  await gitlabs.getByRole('button', { name: 'Make a secret' }).click()
  const secret = await gitlabs.getByLabel('Secret', { exact: true }).textContent()
  expect(secret).toMatch(/^whsec_[\w+/=]{44}$/)
  await gitlabs.getByRole('button', { name: 'I have it' }).click()
  const again = await open('GitLab')
  await again.getByText('No secret is set yet.').waitFor()
  expect(await page.content()).not.toContain(secret)
  await again.getByRole('button', { name: 'Close', exact: true }).last().click()
  const vercels = await open('Vercel')
  await vercels.getByText(/VERCEL_WEBHOOK_SECRET/).waitFor()
  expect(await vercels.getByRole('button', { name: 'Make a secret' }).count()).toBe(0)
  await vercels.getByRole('button', { name: 'Close', exact: true }).last().click()
  const member = await web.visit({ as: 'bea@example.org' })
  await member.page.goto('/settings#connections')
  await member.page.getByRole('heading', { name: 'Watched repositories' }).waitFor()
  expect(await member.page.getByText('GITHUB_APP_WEBHOOK_SECRET').count()).toBe(0)
  expect(member.problems).toEqual([])
})

test('a token of Vercel that reaches several teams asks whose projects are meant, and a new repository is deployed there', async () => {
  const { page } = visit
  await page.goto('/settings#connections')
  await page.getByRole('button', { name: 'Use a token for Vercel' }).click()
  const form = page.getByRole('dialog', { name: 'Connect Vercel with a token' })
  await form.getByLabel('Token').fill(tokens.vercel)
  await form.getByRole('button', { name: 'Connect' }).click()
  const choice = page.getByRole('dialog', { name: 'Whose projects?' })
  await choice.getByLabel('Team').selectOption('Team red')
  await choice.getByRole('button', { name: 'Use it' }).click()
  await page
    .getByText('token · team Team red · used just now')
    .or(page.getByText(/^token · team Team red · /))
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Team of ada' }).click()
  expect(await choice.getByLabel('Team').locator('option:checked').textContent()).toBe('Team red')

  const scope = { included: [], excluded: [] }
  const requirements = { title: 'Sundial', goal: 'Time.', scope, acceptanceCriteria: [], constraints: [], openQuestions: [] }
  const reader = await web.cli.script('sundial', [{ tool_calls: [{ name: 'write_requirements', input: requirements }] }])
  const { id } = (await web.call('POST', '/plans', { idea: 'A sundial', model: reader })) as { id: string }
  await page.goto(`/plans/${id}`)
  await page.getByText('Requirements to look at').waitFor()
  await page.getByRole('button', { name: 'A new one' }).click()
  const isDeployed = page.getByRole('switch', { name: 'Deploy it with Vercel' })
  expect(await isDeployed.isChecked()).toBe(false)
  await page.getByLabel('Forge').selectOption('local')
  await page.getByText('Only what is on GitHub or GitLab.').waitFor()
  expect(await isDeployed.isDisabled()).toBe(true)
  await page.getByLabel('Forge').selectOption('github')
  await page.getByText(/^A project of ada, team Team red is linked to it/).waitFor()
  await isDeployed.check()
  await page.getByRole('button', { name: 'Propose it' }).click()
  await page.getByText('and the project sundial at Vercel that deploys it').waitFor()
  await page.getByText('ada, team Team red', { exact: true }).waitFor()
  vercel.setApp('slipway-bot', 'missing')
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText(/let its app \(https:\/\/github\.com\/apps\/vercel\) see slipway-bot\/sundial/).waitFor()
  expect(vercel.projects()).toEqual([])
  vercel.setApp('slipway-bot', 'installed')
  await page.getByRole('button', { name: 'Other name' }).click()
  await page.getByLabel('Project at Vercel').fill('sun-dial')
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('Make the project sun-dial at Vercel that deploys slipway-bot/sundial').waitFor()
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByText('The project sun-dial at Vercel deploys what is pushed to it.').waitFor()
  const red = (await web.call('GET', `/plans/${id}`)) as { deployment: unknown }
  expect(red.deployment).toMatchObject({ project: 'sun-dial', state: 'linked' })
  expect(vercel.projects().map(({ name, link }) => [name, link?.slug])).toEqual([['sun-dial', 'slipway-bot/sundial']])
})

test('the page of a session says how long ago the forge told of the checks', async () => {
  const changing = await web.cli.script('changing', [
    { tool_calls: [{ name: 'write_file', input: { path: 'new.txt', content: 'new\n' } }] },
    { tool_calls: [{ name: 'commit', input: { message: 'Add a file' } }] },
    { tool_calls: [{ name: 'publish', input: { title: 'Add a file', summary: 'It was asked for.' } }] },
    { tool_calls: [{ name: 'finish', input: { summary: 'The file is there.' } }] },
  ])
  const [slug, checks] = ['acme/clock', ['test -f new.txt']]
  const wanted = { task: 'Add a file', repository: `${github.url}/${slug}`, model: changing, autonomy: 'auto', checks }
  const { id } = (await web.call('POST', '/sessions', wanted)) as { id: string }
  const toldAt = async () => {
    const { events } = (await web.call('GET', `/sessions/${id}/events?limit=1000`)) as { events: { at: string; body: { type: string } }[] }
    return events.filter(({ body }) => body.type === 'checks-reported').map(({ at }) => at)
  }
  const { page, problems } = await web.visit({ as: 'ada@example.org' })
  await page.clock.install()
  await page.goto(`/sessions/${id}`)
  const bar = page.getByRole('region', { name: 'About this session' })
  await bar.getByRole('link', { name: 'Change request 1' }).waitFor({ timeout: 90_000 })
  const age = bar.getByRole('time')
  expect(await age.count()).toBe(0)

  const [change] = github.pulls(slug)
  const oid = await git(github.repositoryPath(slug), ['rev-parse', `refs/heads/${change?.head}`])
  const check = { id: 1, oid, name: 'build', log: null }
  const machine = github.talk(slug).checks
  machine.push({ ...check, state: 'pending' })
  await bar.getByText('0/1', { exact: true }).waitFor()
  const [first] = await toldAt()
  expect([await age.textContent(), await age.getAttribute('datetime')]).toEqual(['now', first])
  machine.splice(0, 1, { ...check, state: 'passed' })
  await bar.getByText('Checks passed: 1').waitFor()
  const [, second] = await toldAt()
  expect([await age.textContent(), await age.getAttribute('datetime')]).toEqual(['now', second])

  // It grows old before one's eyes.
  await page.clock.fastForward('07:00')
  await expect.poll(() => age.textContent()).toBe('7 min ago')
  expect(await age.getAttribute('title')).toMatch(/^As the forge told at \d/)
  expect(problems).toEqual([])
}, 150_000)

test('where no mail server is set, the page says so and nothing can be turned on', async () => {
  const { page } = visit
  await page.goto('/settings#notifications')
  await page.getByText(/This installation sends no mail: an administrator sets SMTP_URL/).waitFor()
  expect(await page.getByRole('switch', { name: 'A session has failed' }).isDisabled()).toBe(true)
})
