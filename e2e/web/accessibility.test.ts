// What axe finds serious or critical on any page: nothing, in either theme, wide or narrow; and nothing is wider than its screen.

import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeploymentUpdated, EventBody, HumanAsked } from '@slipway/core/events'
import { openStore } from '@slipway/store/store'
import { exampleBodies, newEvent } from '../../bench/parts/example-session.ts'
import { type NotionDouble, startNotionDouble } from '../doubles/notion/start-notion-double.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

const tool = (name: string, input: Record<string, unknown>) => ({ name, input })
const EVERYTHING = `# Title\n\n- \`code\` and [a link](https://example.org)\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n\`\`\`ts\nlet a\n\`\`\``

const notionToken = 'ntn_accessible-token-0001'
let web: Web
let notion: NotionDouble
let visit: Visit
let page: Page
const sessions = { asking: '', running: '', finished: '', shared: '', share: '' }
beforeAll(async () => {
  notion = await startNotionDouble({ token: notionToken })
  web = await openWeb({ NOTION_API_URL: notion.url, NOTION_TOKEN: notionToken })
  visit = await web.visit({ as: 'ada@example.org' })
  await bringAxe(visit.context)
  page = visit.page
}, 300_000)
afterAll(async () => {
  await web.close()
  await notion.close()
})

/** To every page that is loaded from now on, but not to what a preview frames, which is not ours. */
async function bringAxe(context: BrowserContext): Promise<void> {
  const source = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
  await context.addInitScript({ content: `if (self === top) {${source}}` })
}

interface Finding {
  id: string
  impact: string | null
  nodes: { target: string[]; html: string }[]
}

const COLOURS = 'color-contrast'
type Rules = 'all' | 'colours' | 'all but colours'

/** Evaluated through the protocol, which the page's policy does not bind. */
async function seriousFindings(on: Page, rules: Rules, within: string): Promise<string[]> {
  const chosen = {
    all: {},
    colours: { runOnly: [COLOURS] },
    'all but colours': { rules: { [COLOURS]: { enabled: false } } },
  }[rules]
  const violations = await on.evaluate(
    async ([selector, options]) => {
      const inPage = window as unknown as { axe: { run(part: object, options: object): Promise<{ violations: Finding[] }> } }
      const part = document.querySelector(selector) === null ? document : { include: [[selector]] }
      return (await inPage.axe.run(part, { resultTypes: ['violations'], preload: false, ...options })).violations
    },
    [within, chosen] as const,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 200)}`))
}

/** The rest of the page is out of reach while one is open. */
const MODAL = 'dialog[open]'

/** `null`: only whether it is wider than the window. */
type Look = readonly [colorScheme: 'light' | 'dark', width: number, rules: Rules | null]
/** A page is left as it was looked at first. */
type Looks = readonly [Look, ...Look[]]

/** What a width and a theme can change: narrow shows no colour that wide does not, and a theme changes nothing but colours. */
const usualLooks: readonly [Look, Look, Look] = [
  ['light', 1440, 'all'],
  ['dark', 1440, 'colours'],
  ['dark', 360, 'all but colours'],
]

/** A dialog is the same when it is narrow, where a page hides some parts and shows others. */
const modalLooks: readonly [Look, Look, Look] = [
  ['light', 1440, 'all'],
  ['dark', 1440, 'colours'],
  ['dark', 360, null],
]

/** For a session's page, which is made anew when its columns become tabs: what is wide first, then what is narrow. */
const wideFirst = (looks: readonly [Look, Look, Look]): readonly Looks[] => [[looks[0], looks[1]], [looks[2]]]

interface Wanted {
  on?: Page
  looks?: Looks
  /** Where the rest was looked at before. */
  within?: string
}

async function expectAccessible({
  on = page,
  within = 'html',
  looks = within === MODAL ? modalLooks : usualLooks,
}: Wanted = {}): Promise<void> {
  const findings: string[] = []
  for (const [colorScheme, width, rules] of looks) {
    await show(on, colorScheme, width)
    const serious = rules === null ? [] : await seriousFindings(on, rules, within)
    findings.push(...serious.map((finding) => `${colorScheme} ${width} ${finding}`))
    const widest = await on.evaluate(() => document.documentElement.scrollWidth)
    if (widest > width) findings.push(`${colorScheme} ${width} the page is ${widest} px wide`)
  }
  const [[colorScheme, width]] = looks
  await show(on, colorScheme, width)
  expect(findings).toEqual([])
}

/** Returns when the page has been laid out anew. */
async function show(on: Page, colorScheme: 'light' | 'dark', width: number): Promise<void> {
  await on.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await on.setViewportSize({ width, height: 900 })
  await on.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  // A session's page is made anew when its columns become tabs.
  await on.getByText('Opening the session').waitFor({ state: 'detached' })
}

/** Loads the page, except where another section of the one that is open is asked for. */
async function open(address: string, text: string): Promise<void> {
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
  await expectAccessible({ within: MODAL })
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
    const share = (await web.call('POST', `/sessions/${sessions.finished}/shares`, {})) as { token: string; id: string }
    sessions.shared = share.token
    sessions.share = share.id
  })

  test.each([
    ['/', 'Look around'],
    ['/welcome', 'Pick a model'],
    ['/nowhere', 'There is no page at this address'],
    ['/board', 'Median duration'],
    ['/board?view=graph', 'Median duration'],
    ['/usage', 'By repository'],
    ['/?q=wait', 'found'],
    ['/settings#profile', 'Signed-in browsers'],
    ['/settings#models', 'Providers'],
    ['/settings#sandbox', 'This machine'],
    ['/settings#budgets', 'Your limits'],
    ['/settings#connections', 'Connections'],
    ['/settings#keys', 'Your keys'],
    ['/settings#notifications', 'In this browser'],
    ['/settings#appearance', 'Theme'],
    ['/admin', 'Waiting for a worker'],
    ['/admin#people', 'The only administrator'],
    ['/admin#policies', 'SLIPWAY_SIGN_UP'],
    ['/admin#audit', 'Filter'],
    ['/admin#health', 'Look again'],
  ])('%s', async (address, text) => {
    await open(address, text)
    await expectAccessible({ within: /#(?!profile)/.test(address) ? 'main' : 'html' })
  })

  test.each([
    ['the palette', 'Control+k', 'New session'],
    ['the shortcuts', '?', 'Search everywhere'],
    ['the help', 'h', 'What happens when'],
  ])('%s', async (_, key, text) => {
    await open('/settings', 'Signed-in browsers')
    await page.keyboard.press(key)
    await page.getByRole('dialog').getByText(text).first().waitFor()
    await expectAccessible({ within: MODAL })
  })

  test('the later steps of the guide', async () => {
    await open('/welcome', 'Pick a model')
    for (const step of ['Pick a sandbox', 'Choose a repository', 'Run the sample']) {
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('heading', { name: step }).waitFor()
      await expectAccessible()
    }
    await page.getByRole('button', { name: 'Write a task of my own' }).click()
    const tutorial = page.getByRole('complementary', { name: 'Short tutorial' })
    await tutorial.waitFor()
    await expectAccessible()
    await tutorial.getByRole('button', { name: 'Close the tutorial' }).click()
    await tutorial.waitFor({ state: 'detached' })
  })

  test('the tutorial, and the navigation of a narrow page', async () => {
    await open('/settings', 'Signed-in browsers')
    await page.keyboard.press('h')
    await page.getByRole('dialog').getByRole('button', { name: 'Short tutorial' }).click()
    await page.getByRole('dialog', { name: 'Short tutorial' }).waitFor()
    await expectAccessible({ within: MODAL })
    await page.keyboard.press('Escape')
    await show(page, 'light', 360)
    await page.getByRole('button', { name: 'Open navigation' }).click()
    await page.getByRole('dialog', { name: 'Navigation' }).waitFor()
    const looks = [
      ['light', 360, 'all'],
      ['dark', 360, 'colours'],
    ] as const
    await expectAccessible({ looks, within: MODAL })
    await page.keyboard.press('Escape')
    await show(page, 'light', 1440)
  })

  test('a key that is made, and one that is to be revoked', async () => {
    await open('/settings#keys', 'Your keys')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'New key' }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('nightly')
    await expectAccessible({ within: MODAL })
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    await dialog.getByRole('button', { name: 'I have it' }).waitFor()
    await expectAccessible({ within: MODAL })
    await dialog.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('button', { name: 'Revoke' }).click()
    await dialog.getByText('This cannot be undone').waitFor()
    await expectAccessible({ within: MODAL })
  })

  test('cards of what was blocked, failed and reviewed, and each kind of question', async () => {
    const ids = await writtenSessions(sessions.finished)
    for (const [kind, id] of Object.entries(ids)) {
      await open(`/sessions/${id}`, `What about the ${kind}?`)
      await page.getByText('A network request was blocked').waitFor()
      await page.getByText('Review by grace').waitFor()
      await expectAccessible({ within: kind === 'question' ? 'html' : '[aria-label="Waits for you"]' })
    }
    const archived = ids['question'] ?? ''
    await web.call('PATCH', `/sessions/${archived}`, { isArchived: true })
    await open('/?archived=yes', 'Session of a question')
    await expectAccessible({ within: 'main' })
  })

  test('a session that asks, that works, that is over, and one that is not there', async () => {
    await open(`/sessions/${sessions.asking}`, 'Waits for you')
    await expectAccessible()
    await open(`/sessions/${sessions.running}`, 'Running')
    await expectAccessible()
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    await expectAccessible()
    await open('/sessions/nothing-here', 'There is no such session')
    await expectAccessible()
  })

  test('the panels beside a session', async () => {
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    await page.goto(`/sessions/${sessions.finished}?file=new.txt`)
    await page.locator('.monaco-editor .view-line', { hasText: 'new' }).waitFor()
    for (const looks of wideFirst(usualLooks)) {
      await show(page, looks[0][0], looks[0][1])
      for (const name of ['Files', 'Changes', 'Safety', 'Preview']) {
        await page.getByRole('tab', { name }).click()
        await page.getByRole('tabpanel', { name }).waitFor()
        await page.getByRole('tabpanel', { name }).getByText('Loading').waitFor({ state: 'detached' })
        await expectAccessible({ looks, within: '[role=tabpanel]' })
      }
    }
    await show(page, 'light', 1440)
  })

  test('dialogs of a session', async () => {
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    for (const looks of wideFirst(modalLooks)) {
      await show(page, looks[0][0], looks[0][1])
      for (const item of ['Share a link', 'Fork with another model', 'Throw away']) {
        await page.getByRole('button', { name: 'More about this session' }).click()
        await page.getByRole('menuitem', { name: item }).click()
        await page.getByRole('dialog').waitFor()
        await expectAccessible({ looks, within: MODAL })
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
    }
    await show(page, 'light', 1440)
  })

  test('the way back to an earlier step, with what would be lost', async () => {
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    const steps = page.getByRole('listbox', { name: 'Steps' })
    // The newest step is the current one, once they are there; a few before it the file was written.
    await steps.getByRole('option', { selected: true }).waitFor()
    await steps.focus()
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('button', { name: 'Back to live' }).first().waitFor()
    await expectAccessible()
    await page.getByRole('button', { name: 'Roll back to here' }).click()
    await page.getByRole('dialog', { name: 'Roll back to here' }).getByText('Loading').waitFor({ state: 'detached' })
    await expectAccessible({ within: MODAL })
  })

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
    await expectAccessible({ within: '[role=log]' })
    // By the keyboard: rows still move after the change of width, and a button that moves under the mouse is not clicked.
    await page.getByRole('button', { name: 'Roll back …' }).press('Enter')
    await page.getByRole('dialog').getByText('Show d0 again').waitFor()
    await expectAccessible({ within: MODAL })
    await page.unroute('**/deployments')
  })

  test('a preview that runs, and one that does not', async () => {
    const preview = (method: string, body?: unknown) => web.call(method, `/sessions/${sessions.finished}/previews/local`, body)
    const listen = `require('http').createServer((_, response) => response.end('Sundial')).listen(5173, '127.0.0.1')`
    await preview('POST', { command: `node -e "${listen}"`, port: 5173 })
    await open(`/sessions/${sessions.finished}`, 'The file is there.')
    await page.getByRole('tab', { name: 'Preview' }).click()
    await page.frameLocator('iframe').getByText('Sundial').waitFor()
    await expectAccessible({ within: '[role=tabpanel]' })
    await page.getByRole('button', { name: 'Stop preview' }).click()
    await page.getByRole('button', { name: 'Start again' }).waitFor()
    await preview('POST', { command: 'echo no such sundial; exit 4' })
    await page.getByText('ended with exit code 4').first().waitFor()
    await expectAccessible({ within: '[role=tabpanel]' })
  })

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
      await expectAccessible({ within: MODAL })
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })

  test('links to sign in, whole and not', async () => {
    await open('/sign-in/link#token=x', 'You came by a link')
    await expectAccessible()
    await page.goto('about:blank')
    await open('/sign-in/link', 'This link is not whole')
    await expectAccessible()
    await open('/sign-in', 'E-mail address')
    await expectAccessible()
    await page.getByLabel('E-mail address').fill('vera@example.org')
    await page.getByLabel('E-mail address').press('Enter')
    await page.getByText('Your link is ready').waitFor()
    await expectAccessible()
  })

  test('a shared session, and its link when it is withdrawn', async () => {
    await open(`/shared/${sessions.shared}`, 'The file is there.')
    await expectAccessible()
    await web.call('DELETE', `/sessions/${sessions.finished}/shares/${sessions.share}`)
    await open(`/shared/${sessions.shared}`, 'This link leads nowhere')
    await expectAccessible()
  })

  test('what somebody sees who may only look', async () => {
    const viewer = await web.visit({ as: 'vera@example.org' })
    await bringAxe(viewer.context)
    const { people } = (await web.call('GET', '/people')) as { people: { id: string; email: string }[] }
    const vera = people.find(({ email }) => email === 'vera@example.org')?.id ?? ''
    await web.call('PATCH', `/people/${vera}`, { role: 'viewer' })
    for (const [address, text] of [
      ['/', 'You may look at sessions, but not start any.'],
      ['/admin', 'This page is for administrators'],
      ['/settings#profile', 'Viewer: looks, and changes nothing'],
    ] as const) {
      await viewer.page.goto(address)
      await viewer.page.getByText(text).first().waitFor()
      await expectAccessible({ on: viewer.page, within: address === '/' ? 'html' : 'main' })
    }
    expect(viewer.problems).toEqual([])
  })

  test('nothing was refused or broke on the way', () => {
    // Addresses that lead nowhere, and the frame of a preview, which is another server.
    const asWanted = /status of 404 .*(nowhere|nothing-here|\/shared\/)|^request to http:\/\/[\w-]+\.localhost:/
    expect(visit.problems.filter((problem) => !asWanted.test(problem))).toEqual([])
  })
})

/** Sessions that wait with a question of each kind, as a worker writes them down; nobody works on them. */
async function writtenSessions(ownSession: string): Promise<Record<string, string>> {
  const { events } = (await web.call('GET', `/sessions/${ownSession}/events?limit=1`)) as { events: { body: { ownerId: string } }[] }
  const [created] = exampleBodies(1, events[0]?.body.ownerId)
  if (created?.type !== 'session-created') throw new Error('a session begins with its creation')
  const effect = { title: 'Push it', details: [], reason: 'People see it.', reversible: 'Yes', hash: 'e'.repeat(64) }
  const kinds: Partial<Record<HumanAsked['kind'], Partial<HumanAsked>>> = {
    question: { options: ['This one', 'That one'] },
    budget: {},
    continue: {},
    approval: { effect: { kind: 'change-request', ...effect } },
  }
  const ids: Record<string, string> = {}
  for (const [kind, more] of Object.entries(kinds) as [HumanAsked['kind'], Partial<HumanAsked>][]) {
    const asked: HumanAsked = {
      type: 'human-asked',
      askId: kind,
      kind,
      question: `What about the ${kind}?`,
      options: [],
      callId: null,
      effect: null,
      expiresAt: null,
      ...more,
    }
    ids[kind] = await written([{ ...created, title: `Session of a ${kind}` }, ...troubles, asked])
  }
  return ids
}

const troubles: EventBody[] = [
  { type: 'egress-decided', host: 'example.net', port: 443, decision: 'denied', reason: 'not on the list', phase: 'agent', count: 3 },
  { type: 'review-received', author: 'grace', trust: 'untrusted', text: 'Please **rename** it.', url: 'https://forge.example/1' },
  {
    type: 'model-requested',
    callId: 'm',
    role: 'code',
    model: 'scripted/none.yaml',
    attempt: 1,
    promptSha: 'a'.repeat(64),
    reservedMicros: 0,
    forCallId: null,
  },
  {
    type: 'model-failed',
    callId: 'm',
    kind: 'auth',
    message: 'invalid key',
    status: 401,
    retryAt: null,
    fallback: null,
    costMicros: 0,
  },
]

/** As the worker writes it down when the deployer tells. */
function deployed(sessionId: string, updates: Omit<DeploymentUpdated, 'type'>[]): Promise<string> {
  return written(
    updates.map((update) => ({ type: 'deployment-updated', ...update })),
    sessionId,
  )
}

async function written(bodies: EventBody[], sessionId: string = randomUUID()): Promise<string> {
  const opened = await openStore({ home: web.cli.home, databaseUrl: null })
  if (!opened.ok) throw new Error(opened.message)
  const events = bodies.map(newEvent)
  const appended = await opened.store.log.append({ sessionId, expectedSeq: null, lease: null, wake: 'no', events })
  await opened.store.close()
  if (!appended.ok) throw new Error(`the events could not be written: ${appended.kind}`)
  return sessionId
}
