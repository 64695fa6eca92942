// From an idea without a repository to a change request and its preview: the plan, the new repository, the project that deploys it
// and the tasks, as somebody clicks through them.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { git } from '../doubles/github/git-command.ts'
import { type GithubDouble, startGithubDouble } from '../doubles/github/start-github-double.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'
import { openWeb, type Web } from './browser.ts'

const githubToken = 'token-of-new-repositories'
const vercelToken = 'token-of-new-projects'
let web: Web
let github: GithubDouble
let vercel: VercelDouble
beforeAll(async () => {
  github = await startGithubDouble({ repositories: [], token: githubToken })
  vercel = await startVercelDouble()
  vercel.addUser(vercelToken)
  web = await openWeb({
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: githubToken,
    VERCEL_API_URL: vercel.url,
    VERCEL_TOKEN: vercelToken,
  })
}, 180_000)
afterAll(async () => {
  await web.close()
  await Promise.all([github.close(), vercel.close()])
})

const tool = (name: string, input: Record<string, unknown>) => ({ name, input })
const minutes = { low: 5, high: 15 }
const requirements = {
  title: 'Sundial for the terminal',
  goal: 'A command shows the time as a sundial.',
  scope: { included: ['the command'], excluded: [] },
  acceptanceCriteria: ['`sh sundial.sh` prints a sundial'],
  constraints: [],
  openQuestions: ['Which latitude?'],
}
const tasks = [
  { key: 't1', title: 'Draw the sundial', description: 'Print it.', files: ['sundial.sh'], dependsOn: [], size: 'small', minutes },
  { key: 't2', title: 'Move the shadow', description: 'By the hour.', files: ['sundial.sh'], dependsOn: ['t1'], size: 'small', minutes },
]

/** Vercel deploys what is pushed, by the project that was made with the repository; the session and its pull request show it. */
async function seePreview(page: Page): Promise<void> {
  const slug = 'slipway-bot/sundial'
  expect(vercel.projects().map(({ name, link }) => [name, link?.slug])).toEqual([['sundial', slug]])
  const [change] = github.pulls(slug)
  const branch = change?.head ?? ''
  const sha = await git(github.repositoryPath(slug), ['rev-parse', `refs/heads/${branch}`])
  const { id } = vercel.deploy({ project: 'sundial', sha, branch })
  const card = page
    .getByRole('log')
    .getByRole('region', { name: 'Preview deployment' })
    .filter({ hasText: sha.slice(0, 10) })
  await card.waitFor()
  vercel.progress(id, 'READY')
  await card.getByText('ready', { exact: true }).waitFor()
  const said = () => github.talk(slug).comments.map(({ body }) => body)
  await expect.poll(said).toContainEqual(expect.stringContaining('A preview of'))
  expect(github.pulls(slug)).toHaveLength(1)
}

const places = [
  { where: 'on this server', forge: 'local', effect: 'Make the private repository sundial on this server', see: null },
  {
    where: 'on GitHub and deployed by Vercel',
    forge: 'github',
    effect: 'Make the private repository sundial on GitHub, and the project sundial at Vercel that deploys it',
    see: seePreview,
  },
] as const

test.each(places)(
  'build me something $where: idea, requirements, a repository that is asked for, tasks, and a change request',
  async (place) => {
    // One script plays the model of the plan and that of its sessions: each begins at its first step.
    const model = await web.cli.script('sundial', [
      {
        tool_calls: [tool('write_requirements', requirements), tool('write_file', { path: 'sundial.sh', content: 'echo sundial\n' })],
      },
      { tool_calls: [tool('write_tasks', { tasks }), tool('commit', { message: 'Draw a sundial' })] },
      { tool_calls: [tool('publish', { title: 'Draw a sundial', summary: 'As planned.' })] },
      { tool_calls: [tool('finish', { summary: 'The sundial is there.' })] },
    ])
    const { page, problems } = await web.visit({ as: 'ada@example.org' })
    await page.goto(`/?${new URLSearchParams({ model, mode: 'auto' })}`)
    await page.getByRole('button', { name: /^Repository/ }).click()
    await page.getByRole('option', { name: /^A new repository/ }).click()
    await page.getByLabel('What should be done?').fill('Build me a sundial for the terminal.')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/plans\/\w+/)

    await page.getByText('Requirements to look at').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sundial for the terminal')
    const questions = page.getByLabel('Open questions')
    expect(await questions.inputValue()).toBe('Which latitude?')
    await questions.fill('')
    await page.getByRole('button', { name: 'Save requirements' }).click()
    await page.getByRole('button', { name: 'Save requirements' }).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'A new one' }).click()
    await page.getByLabel('Forge').selectOption(place.forge)
    await page.getByLabel('Name', { exact: true }).fill('sundial')
    if (place.forge === 'github') await page.getByRole('switch', { name: 'Deploy it with Vercel' }).click()
    await page.getByRole('button', { name: 'Propose it' }).click()
    await page.getByText(place.effect).first().waitFor()

    await page.getByRole('button', { name: 'Plan the tasks' }).click()
    await page.getByText('Tasks to approve').waitFor()
    await page.getByRole('checkbox', { name: 'Move the shadow' }).uncheck()
    await page.getByRole('button', { name: 'Approve 1 task' }).click()
    // Nothing starts before the repository is there, and nobody has said yes to it yet.
    await page.getByText('The repository has to be made first.').waitFor()
    await page.getByRole('button', { name: 'Make it' }).click()

    await page.getByText('In review', { exact: true }).waitFor({ timeout: 90_000 })
    expect(await page.getByText('Not approved', { exact: true }).count()).toBe(1)
    await page.getByRole('link', { name: 'Open its session' }).click()
    await page.waitForURL(/\/sessions\//)
    await place.see?.(page)
    await page.getByRole('link', { name: 'open it', exact: true }).click()
    await page.waitForURL(/\/plans\/\w+/)
    await Promise.all([page.keyboard.press('g'), page.keyboard.press('p')])
    await page.getByRole('link', { name: 'Sundial for the terminal' }).first().waitFor()
    await page.getByText('1 of 2 tasks done').first().waitFor()
    expect(problems).toEqual([])
  },
  180_000,
)

test('what the model cannot do is said, what was typed stays, and the plan is written by hand', async () => {
  const model = await web.cli.script('silent', [{ text: 'No.' }, { text: 'No.' }])
  const { page } = await web.visit({ as: 'ada@example.org' })
  await page.goto(`/?${new URLSearchParams({ model, repository: web.cli.repository, mode: 'ask', budget: '3' })}`)
  await page.getByRole('button', { name: 'Environment: Sandbox' }).click()
  await page.getByRole('option', { name: /^Docker/ }).click()
  await page.getByLabel('What should be done?').fill('An idea of mine')
  await page.getByRole('button', { name: 'Make a plan' }).click()
  await page.getByText(/could not be used, also when it was asked once more/).waitFor()
  expect(await page.getByRole('group', { name: 'The idea as it was written' }).textContent()).toBe('An idea of mine')
  // What its sessions will start with.
  const { request } = (await web.call('GET', `/plans/${page.url().split('/').at(-1)}`)) as { request: unknown }
  expect(request).toMatchObject({ repository: web.cli.repository, model, autonomy: 'ask', budgetUsd: 3, sandbox: 'docker' })
  await page.getByRole('button', { name: 'Write them yourself' }).click()
  await page.getByLabel('Goal').fill('My own goal')
  await page.getByRole('button', { name: 'Save requirements' }).click()
  await page.getByRole('button', { name: 'Write one yourself' }).click()
  await page.getByLabel('Title').fill('My own task')
  await page.getByLabel('What has to be done').fill('Do it.')
  await page.getByRole('button', { name: 'Save task' }).click()
  await page.getByRole('button', { name: 'Approve 1 task' }).waitFor()
  await page.getByRole('button', { name: 'Drop' }).click()
  await page.getByRole('button', { name: 'Drop the plan' }).click()
  await page.waitForURL(/\/plans$/)
})

test('a task that needs somebody is told of in both lists and on its plan, with what it asks, and goes on once it is answered', async () => {
  const question = 'Which latitude is it for?'
  const [task] = tasks
  const model = await web.cli.script('asking', [
    { tool_calls: [tool('write_requirements', { ...requirements, title: 'A sundial that asks', openQuestions: [] })] },
    {
      tool_calls: [
        tool('write_tasks', { tasks: [{ ...task, title: 'Ask before drawing' }] }),
        tool('ask_human', { question, options: ['51 north'] }),
      ],
    },
    { tool_calls: [tool('write_file', { path: 'sundial.sh', content: 'echo sundial\n' })] },
    { tool_calls: [tool('commit', { message: 'Draw a sundial' })] },
    { tool_calls: [tool('publish', { title: 'Draw a sundial', summary: 'As planned.' })] },
    { tool_calls: [tool('finish', { summary: 'The sundial is there.' })] },
  ])
  const wanted = { idea: 'A sundial', repository: web.cli.repository, model, autonomy: 'plan', checks: ['sh sundial.sh'] }
  const { id } = (await web.call('POST', '/plans', wanted)) as { id: string }
  const { page, problems } = await web.visit({ as: 'ada@example.org' })
  await page.goto(`/plans/${id}`)
  await page.getByRole('button', { name: 'Plan the tasks' }).click()
  await page.getByRole('button', { name: 'Approve 1 task' }).click()

  const standing = page.getByRole('region', { name: 'Where the plan stands' })
  const asked = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')
  await standing.getByText('1 task needs you').waitFor({ timeout: 90_000 })
  await asked.getByText('Needs you', { exact: true }).waitFor()
  await asked.getByText(question).waitFor()
  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  const line = page.getByRole('list', { name: 'Plans' }).getByRole('listitem').filter({ hasText: 'A sundial that asks' })
  await line.getByText('1 task needs you').waitFor()
  await page.getByRole('link', { name: 'Sessions', exact: true }).click()
  const waiting = page.getByRole('region', { name: 'Needs you' }).getByRole('listitem').filter({ hasText: 'Ask before drawing' })
  await waiting.getByText(question).waitFor()
  await waiting.getByRole('link', { name: 'Ask before drawing' }).click()
  await page.getByRole('region', { name: 'Waits for you' }).getByRole('button', { name: '51 north' }).click()

  // What leaves the sandbox is asked for too, and said on the plan as well.
  const approve = page.getByRole('region', { name: 'Waits for you' }).getByRole('button', { name: 'Approve' })
  await approve.waitFor({ timeout: 90_000 })
  await page.getByRole('link', { name: 'open it', exact: true }).click()
  await asked.getByText(/^Push .* and open a change request/).waitFor()
  await page.getByRole('link', { name: 'Open its session' }).click()
  await approve.click()
  await page.getByRole('link', { name: 'open it', exact: true }).click()
  await asked.getByText('In review', { exact: true }).waitFor({ timeout: 90_000 })
  await standing.getByText('Done', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  await line.getByText('1 of 1 tasks done').waitFor()
  expect(await line.getByText(/needs you/).count()).toBe(0)
  expect(problems).toEqual([])
}, 240_000)
