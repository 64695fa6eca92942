// What axe finds serious or critical on any page: nothing, in either theme, wide or narrow; and nothing is wider than its screen.

import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeploymentUpdated } from '@slipway/core/events'
import { openStore } from '@slipway/store/store'
import { newEvent } from '../../bench/parts/example-session.ts'
import { type NotionDouble, startNotionDouble } from '../doubles/notion/start-notion-double.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

const tool = (name: string, input: Record<string, unknown>) => ({ name, input })
const EVERYTHING = `# Title\n\n- \`code\` and [a link](https://example.org)\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n\`\`\`ts\nlet a\n\`\`\``

const notionToken = 'ntn_accessible-token-0001'
let web: Web
let notion: NotionDouble
let visit: Visit
let page: Page
const sessions = { asking: '', running: '', finished: '', shared: '' }
beforeAll(async () => {
  notion = await startNotionDouble({ token: notionToken })
  web = await openWeb({ NOTION_API_URL: notion.url, NOTION_TOKEN: notionToken })
  visit = await web.visit({ as: 'ada@example.org' })
  page = visit.page
}, 300_000)
afterAll(async () => {
  await web.close()
  await notion.close()
})

interface Finding {
  id: string
  impact: string | null
  nodes: { target: string[]; html: string }[]
}

/** Evaluated through the protocol, which the page's policy does not bind. */
async function seriousFindings(rules: string[] | null): Promise<string[]> {
  const violations = await page.evaluate(async (runOnly) => {
    const inPage = window as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } }
    const options = { resultTypes: ['violations'], ...(runOnly === null ? {} : { runOnly }) }
    return (await inPage.axe.run(options)).violations
  }, rules)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 200)}`))
}

/** All rules once wide and once narrow, and wide in the other theme what a theme can change: narrow shows no colour that wide does not. */
async function expectAccessible(): Promise<void> {
  await page.evaluate(axe.source)
  const findings: string[] = []
  for (const [colorScheme, width, rules] of [
    ['light', 1440, null],
    ['dark', 1440, ['color-contrast']],
    ['dark', 360, null],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 900 })
    await settled()
    findings.push(...(await seriousFindings(rules === null ? null : [...rules])).map((finding) => `${colorScheme} ${width} ${finding}`))
    const widest = await page.evaluate(() => document.documentElement.scrollWidth)
    if (widest > width) findings.push(`${colorScheme} ${width} the page is ${widest} px wide`)
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1440, height: 900 })
  await settled()
  expect(findings).toEqual([])
}

/** The page has been laid out anew. */
async function settled(): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

async function open(address: string, text: string): Promise<void> {
  // Another hash alone loads no page.
  await page.goto('about:blank')
  await page.goto(address)
  await page.getByText(text).first().waitFor()
}

test('the sessions page before the first session', async () => {
  await open('/', 'What should be done?')
  await expectAccessible()
})

test('plans: none yet, and one with a new repository and tasks', async () => {
  await open('/plans', 'No plans yet')
  await expectAccessible()
  const minutes = { low: 5, high: 15 }
  const scope = { included: ['the command'], excluded: ['colours'] }
  const requirements = {
    title: 'Sundial',
    goal: 'It shows the time.',
    scope,
    acceptanceCriteria: ['it runs'],
    constraints: [],
    openQuestions: ['Where?'],
  }
  const about = { description: 'Print it.', files: ['sundial.sh'], size: 'small', minutes }
  const tasks = [
    { key: 't1', title: 'Draw', dependsOn: [], ...about },
    { key: 't2', title: 'Move', dependsOn: ['t1'], ...about },
  ]
  const model = await web.cli.script('sundial', [
    { tool_calls: [tool('write_requirements', requirements)] },
    { tool_calls: [tool('write_tasks', { tasks })] },
  ])
  const newRepository = { forge: 'github', namespace: null, name: 'sundial', isPrivate: true }
  const { id } = (await web.call('POST', '/plans', { idea: 'A sundial', model, newRepository })) as { id: string }
  await open(`/plans/${id}`, 'Requirements to look at')
  await page.getByRole('button', { name: 'Plan the tasks' }).click()
  await page.getByText('Tasks to approve').waitFor()
  await expectAccessible()
  await page.getByRole('button', { name: 'Change “Move”' }).click()
  await page.getByRole('dialog', { name: 'Change the task' }).waitFor()
  await expectAccessible()
})

describe('around sessions', () => {
  beforeAll(async () => {
    const start = async (name: string, steps: unknown[], autonomy = 'auto'): Promise<string> => {
      const model = await web.cli.script(name, steps)
      const body = { task: 'Look around', repository: web.cli.repository, model, autonomy, checks: ['test -f new.txt'] }
      return ((await web.call('POST', '/sessions', body)) as { id: string }).id
    }
    const write = tool('write_file', { path: 'new.txt', content: 'new\n' })
    const plan = tool('update_plan', { steps: [{ title: 'Look', status: 'open' }] })
    sessions.finished = await start('finished', [
      { reasoning: 'Hm.', text: EVERYTHING, tool_calls: [plan, write, tool('bash', { command: 'ls; false' })] },
      { tool_calls: [tool('commit', { message: 'Add a file' })] },
      { tool_calls: [tool('publish', { title: 'Add a file', summary: 'It was asked for.' })] },
      { tool_calls: [tool('finish', { summary: 'The file is there.' })] },
    ])
    sessions.running = await start('running', [{ text: 'I wait.', tool_calls: [tool('bash', { command: 'echo begun; sleep 300' })] }])
    sessions.asking = await start('asking', [{ tool_calls: [plan] }, { text: 'As you say.' }], 'ask')
    const share = (await web.call('POST', `/sessions/${sessions.finished}/shares`, {})) as { token: string }
    sessions.shared = share.token
  }, 60_000)

  test.each([
    ['/', 'Look around'],
    ['/sign-in', 'E-mail address'],
    ['/welcome', 'Pick a model'],
    ['/nowhere', 'There is no page at this address'],
    ['/board', 'Board'],
    ['/board?view=graph', 'Board'],
    ['/usage', 'By repository'],
    ['/settings#profile', 'Signed-in browsers'],
    ['/settings#models', 'Providers'],
    ['/settings#sandbox', 'This machine'],
    ['/settings#budgets', 'Your limits'],
    ['/settings#connections', 'Connections'],
    ['/settings#keys', 'Your keys'],
    ['/settings#notifications', 'In this browser'],
    ['/settings#appearance', 'Theme'],
    ['/admin', 'Waiting for a worker'],
    ['/admin#people', 'ada@example.org'],
    ['/admin#policies', 'SLIPWAY_SIGN_UP'],
    ['/admin#audit', 'Filter'],
    ['/admin#health', 'Look again'],
  ])('%s', async (address, text) => {
    await open(address, text)
    await expectAccessible()
  })

  test.each([
    ['the palette', 'Control+k', 'New session'],
    ['the shortcuts', '?', 'Search everywhere'],
    ['the help', 'h', 'What happens when'],
  ])('%s', async (_, key, text) => {
    await open('/settings', 'Signed-in browsers')
    await page.keyboard.press(key)
    await page.getByRole('dialog').getByText(text).first().waitFor()
    await expectAccessible()
  })

  test('the later steps of the guide', async () => {
    await open('/welcome', 'Pick a model')
    for (const step of ['Pick a sandbox', 'Choose a repository', 'Run the sample']) {
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('heading', { name: step }).waitFor()
      await expectAccessible()
    }
    await page.getByRole('button', { name: 'Write a task of my own' }).click()
  }, 60_000)

  test('a session that asks, that works, that is over, and one that is not there', async () => {
    await open(`/sessions/${sessions.asking}`, 'Waits for you')
    await expectAccessible()
    await open(`/sessions/${sessions.running}`, 'Running')
    await expectAccessible()
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    await expectAccessible()
    await open('/sessions/nothing-here', 'There is no such session')
    await expectAccessible()
  }, 120_000)

  test('the panels beside a session', async () => {
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    for (const name of ['Changes', 'Safety', 'Preview']) {
      await page.getByRole('tab', { name }).click()
      await page.getByRole('tabpanel', { name }).waitFor()
      await page.getByRole('tabpanel', { name }).getByText('Loading').waitFor({ state: 'detached' })
      await expectAccessible()
    }
  }, 90_000)

  test('dialogs of a session', async () => {
    for (const item of ['Share a link', 'Fork with another model']) {
      await open(`/sessions/${sessions.finished}`, 'The file is there.')
      await page.getByRole('button', { name: 'More about this session' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await page.getByRole('dialog').waitFor()
      await expectAccessible()
    }
  }, 90_000)

  test('the way back to an earlier step, with what would be lost', async () => {
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    const steps = page.getByRole('listbox', { name: 'Steps' })
    // The newest step is the current one, once they are there; a few before it the file was written.
    await steps.getByRole('option', { selected: true }).waitFor()
    await steps.focus()
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'Roll back to here' }).click()
    await page.getByRole('dialog', { name: 'Roll back to here' }).getByText('Loading').waitFor({ state: 'detached' })
    await expectAccessible()
  }, 60_000)

  test('deployments in every state, and the way back to what production showed before', async () => {
    await deployed(sessions.finished, [
      { deploymentId: 'd1', target: 'preview', state: 'READY', url: 'https://greeting.example', message: null, oid: 'a'.repeat(40) },
      { deploymentId: 'd2', target: 'preview', state: 'BUILDING', url: null, message: null, oid: 'b'.repeat(40) },
      { deploymentId: 'd3', target: 'preview', state: 'ERROR', url: null, message: 'It ended with 1', log: 'error\n'.repeat(40) },
      { deploymentId: 'd4', target: 'production', state: 'READY', url: 'https://greeting.example', message: null, oid: 'a'.repeat(40) },
    ])
    const effect = {
      title: 'Show d0 again',
      details: [['Deployment', 'd0']],
      reason: 'People see it.',
      reversible: 'Yes',
      hash: 'e'.repeat(64),
    }
    const previous = ['d0', 'd9'].map((id) => ({ id, oid: 'c'.repeat(40), url: null, at: '2026-01-01T00:00:00Z', effect }))
    const json = { deployments: [], production: { project: 'greeting', currentId: 'd4', promotable: [], previous }, problem: null }
    // From the beginning: an answer under way would be taken for the one that is asked for here.
    await page.route('**/deployments', (route) => route.fulfill({ json }))
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    await page.getByRole('region', { name: 'Production deployment' }).waitFor()
    await expectAccessible()
    // By the keyboard: rows still move after the change of width, and a button that moves under the mouse is not clicked.
    await page.getByRole('button', { name: 'Roll back …' }).press('Enter')
    await page.getByRole('dialog').getByText('Show d0 again').waitFor()
    await expectAccessible()
    await page.unroute('**/deployments')
  }, 90_000)

  test('a preview that runs, and one that does not', async () => {
    const preview = (method: string, body?: unknown) => web.call(method, `/sessions/${sessions.finished}/previews/local`, body)
    const listen = `require('http').createServer((_, response) => response.end('Sundial')).listen(5173, '127.0.0.1')`
    await preview('POST', { command: `node -e "${listen}"`, port: 5173 })
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    await page.getByRole('tab', { name: 'Preview' }).click()
    await page.frameLocator('iframe').getByText('Sundial').waitFor({ timeout: 60_000 })
    await expectAccessible()
    await page.getByRole('button', { name: 'Stop preview' }).click()
    await page.getByRole('button', { name: 'Start again' }).waitFor()
    await preview('POST', { command: 'echo no such sundial; exit 4' })
    await page.getByText('ended with exit code 4').first().waitFor()
    await expectAccessible()
  }, 120_000)

  test('tasks of Notion, and the forms of Settings → Connections', async () => {
    const tasks = notion.addDatabase('Roadmap', { Name: 'title', Status: { type: 'status', options: ['Ready', 'Done'] } })
    notion.addPage(tasks.dataSourceId, { Name: 'Look at the greeting', Status: 'Ready' })
    await open('/', 'Look around')
    await page.getByRole('button', { name: /^Task from Notion/ }).click()
    await page.getByRole('option', { name: 'Roadmap' }).click()
    await page.getByRole('option', { name: /Look at the greeting/ }).waitFor()
    await expectAccessible()
    for (const form of ['Use a token for GitHub', 'Connect a database', 'Watch a repository']) {
      await open('/settings#connections', 'Tasks in Notion')
      await page.getByRole('button', { name: form }).click()
      await page.getByRole('dialog').waitFor()
      await expectAccessible()
    }
  }, 120_000)

  test('links to sign in, whole and not', async () => {
    await open('/sign-in/link#token=x', 'You came by a link')
    await expectAccessible()
    await open('/sign-in/link', 'This link is not whole')
    await expectAccessible()
  }, 60_000)

  test('a shared session', async () => {
    await open(`/shared/${sessions.shared}`, 'The file is there.')
    await expectAccessible()
  }, 60_000)
})

/** As the worker writes it down when the deployer tells. */
async function deployed(sessionId: string, updates: Omit<DeploymentUpdated, 'type'>[]): Promise<void> {
  const opened = await openStore({ home: web.cli.home, databaseUrl: null })
  if (!opened.ok) throw new Error(opened.message)
  const events = updates.map((update) => newEvent({ type: 'deployment-updated', ...update }))
  const written = await opened.store.log.append({ sessionId, expectedSeq: null, lease: null, wake: 'no', events })
  await opened.store.close()
  if (!written.ok) throw new Error(`deployments could not be written: ${written.kind}`)
}
