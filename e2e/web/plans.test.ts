// From an idea without a repository to a change request: the plan, the new repository and the tasks, as somebody clicks through them.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWeb, type Web } from './browser.ts'

let web: Web
beforeAll(async () => {
  web = await openWeb()
}, 180_000)
afterAll(() => web.close())

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

test('build me something: idea, requirements, a repository that is asked for, tasks that are approved, and a change request', async () => {
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
  await page.getByLabel('What should be done?').fill('Build me a sundial for the terminal.')
  await page.getByRole('button', { name: 'Make a plan' }).click()
  await page.waitForURL(/\/plans\/\w+/)

  await page.getByText('Requirements to look at').waitFor()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Sundial for the terminal')
  const questions = page.getByLabel('Open questions')
  expect(await questions.inputValue()).toBe('Which latitude?')
  await questions.fill('')
  await page.getByRole('button', { name: 'Save requirements' }).click()
  await page.getByRole('button', { name: 'Save requirements' }).waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'A new one' }).click()
  await page.getByLabel('Forge').selectOption('local')
  await page.getByLabel('Name', { exact: true }).fill('sundial')
  await page.getByRole('button', { name: 'Propose it' }).click()
  await page.getByText('Make the private repository sundial on this server').waitFor()

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
  await page.getByRole('link', { name: 'open it', exact: true }).click()
  await page.waitForURL(/\/plans\/\w+/)
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await page.getByRole('link', { name: 'Sundial for the terminal' }).waitFor()
  await page.getByText('1 of 2 tasks done').waitFor()
  expect(problems).toEqual([])
}, 180_000)

test('what the model cannot do is said, what was typed stays, and the plan is written by hand', async () => {
  const model = await web.cli.script('silent', [{ text: 'No.' }, { text: 'No.' }])
  const { page } = await web.visit({ as: 'ada@example.org' })
  await page.goto(`/?${new URLSearchParams({ model, repository: web.cli.repository })}`)
  await page.getByLabel('What should be done?').fill('An idea of mine')
  await page.getByRole('button', { name: 'Make a plan' }).click()
  await page.getByText(/could not be used, also when it was asked once more/).waitFor()
  expect(await page.getByRole('group', { name: 'The idea as it was written' }).textContent()).toBe('An idea of mine')
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
