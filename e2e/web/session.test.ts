// A session as its person has it: watched, steered, answered, stopped, renamed, shared and taken along, in a real browser.

import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { SessionEvent } from '@slipway/core/events'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DoubleReply, DoubleRequest } from '../doubles/models/brain.ts'
import { environmentFor } from '../doubles/models/environment.ts'
import { type ModelDouble, startModelDouble } from '../doubles/models/server.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

let web: Web
let visit: Visit
/** One whose words cost money: $1.25 and $10 for a million tokens in and out. */
let priced: ModelDouble
const pricedModel = 'openai/gpt-5.1'
beforeAll(async () => {
  const spent = { text: 'Money well spent.', usage: { input: 64_000, output: 11_000 } }
  const brain = ({ lastUserText }: DoubleRequest) => (lastUserText.includes('Tell the story') ? tellStory() : spent)
  priced = await startModelDouble({ api: 'openai-responses', brain })
  web = await openWeb(environmentFor('openai-responses', priced).variables)
  visit = await web.visit({ as: 'ada@example.org' })
}, 180_000)
afterAll(async () => {
  await web.close()
  await priced.close()
})
afterEach(() => {
  if (visit.problems.length > 0) throw new Error(visit.problems.join('\n'))
})

const tool = (name: string, input: Record<string, unknown> = {}) => ({ name, input })
const sleeping = [
  { tool_calls: [tool('write_file', { path: 'held.txt', content: 'one\ntwo\n' })] },
  { text: 'I wait.', tool_calls: [tool('bash', { command: 'sleep 600' })] },
  { text: 'Read it.' },
]
const changing = [
  { tool_calls: [tool('write_file', { path: 'new.txt', content: 'new\n' })] },
  { tool_calls: [tool('commit', { message: 'Add a file' })] },
  { tool_calls: [tool('publish', { title: 'Add a file', summary: 'It was asked for.' })] },
  { tool_calls: [tool('finish', { summary: 'The file is there.' })] },
]

let scripts = 0
async function start(script: { steps: unknown[]; speed?: number }, more: Record<string, unknown> = {}): Promise<string> {
  const path = join(web.cli.home, '..', `session-${++scripts}.json`)
  await writeFile(path, JSON.stringify({ name: 'session', ...script }))
  const session = (await web.call('POST', '/sessions', {
    task: 'Do what the script says',
    title: 'A scripted session',
    repository: web.cli.repository,
    autonomy: 'auto',
    checks: ['test -f new.txt'],
    model: `scripted/${path}`,
    ...more,
  })) as { id: string }
  return session.id
}

async function eventsOf(id: string): Promise<SessionEvent[]> {
  return ((await web.call('GET', `/sessions/${id}/events?limit=1000`)) as { events: SessionEvent[] }).events
}

async function open(id: string, page = visit.page): Promise<Page> {
  await page.goto(`/sessions/${id}`)
  await page.getByRole('heading', { level: 1, name: 'A scripted session' }).waitFor()
  return page
}

const streamed = (page: Page) => page.locator('[aria-busy=true]')
const log = (page: Page) => page.getByRole('log')

/** Some way into a word of it, each time. */
const story = Array.from({ length: 240 }, (_, at) => `harbour${at}`).join(' ')
const [early, late] = [132, 1_332]
let goOn: { earlyOn: PromiseWithResolvers<void>; lateOn: PromiseWithResolvers<void> }
function tellStory(): DoubleReply {
  const holds = [
    { characters: early, until: goOn.earlyOn.promise },
    { characters: late, until: goOn.lateOn.promise },
  ]
  return { text: story, paceMs: 5, holds }
}

test('text grows word by word; a refresh in the middle of one, and a second tab, show the same without gap or repetition', async () => {
  goOn = { earlyOn: Promise.withResolvers(), lateOn: Promise.withResolvers() }
  const id = await start({ steps: [] }, { model: pricedModel, task: 'Tell the story' })
  const page = await open(id)
  const second = await visit.context.newPage()
  // What may be the beginning of a secret waits for what comes after it.
  const mayWait = 8
  const shows = async (from: Page, upTo: number): Promise<string> => {
    let text = ''
    const look = async (): Promise<number> => (text = await streamed(from).innerText()).length
    await expect.poll(look).toBeGreaterThan(upTo - mayWait)
    expect(text).toBe(story.slice(0, Math.min(text.length, upTo)))
    return text
  }

  const shown = await shows(page, early)
  await page.reload()
  expect(await shows(page, early)).toBe(shown)
  await open(id, second)
  expect(await shows(second, early)).toBe(shown)
  goOn.earlyOn.resolve()
  const grown = await shows(page, late)
  expect(await shows(second, late)).toBe(grown)
  await page.reload()
  expect(await shows(page, late)).toBe(grown)
  goOn.lateOn.resolve()
  for (const from of [page, second]) {
    await log(from).getByRole('region', { name: 'How it ended' }).waitFor()
    expect((await log(from).innerText()).split(story)).toHaveLength(2)
  }
  await second.close()
})

test('what happens while the line is down is there when it is back', async () => {
  const question = tool('ask_human', { question: 'Shall I go on?', options: ['Go on'] })
  const id = await start({ steps: [{ text: 'Before. ', tool_calls: [question] }, { text: 'After the line was down.' }] })
  const page = await open(id)
  await log(page).getByText('Before.').waitFor()
  await page.getByRole('region', { name: 'Waits for you' }).waitFor()
  const asked = (await eventsOf(id)).flatMap(({ body }) => (body.type === 'human-asked' ? [body.askId] : []))
  await visit.context.setOffline(true)
  await page.getByText('Offline').waitFor()
  await web.call('POST', `/sessions/${id}/answers`, { askId: asked[0], decision: 'answer', text: 'Go on' })
  await expect.poll(async () => (await eventsOf(id)).at(-1)?.body.type).toBe('session-finished')
  expect(await log(page).getByText('After the line was down.').count()).toBe(0)
  await visit.context.setOffline(false)
  await log(page).getByText('After the line was down.').waitFor()
  await page.getByText('Live', { exact: true }).first().waitFor()
  expect(await log(page).getByText('Before.').count()).toBe(1)
  visit.problems.length = 0
})

test('a message steers the agent now or waits until it rests, and what was typed survives a reload', async () => {
  const id = await start({
    steps: [{ text: 'I wait.', tool_calls: [tool('bash', { command: 'sleep 8' })] }, { text: 'Read it.' }, { text: 'And that.' }],
  })
  const page = await open(id)
  await log(page).getByText('Running').waitFor()
  const field = page.getByRole('textbox', { name: 'Message to the agent' })
  await field.fill('Use the other file')
  await page.reload()
  await log(page).getByText('Running').waitFor()
  expect(await field.inputValue()).toBe('Use the other file')
  // The line is slow: what is typed until the first one has arrived is the second.
  const { promise: line, resolve: letThrough } = Promise.withResolvers<void>()
  await page.route('**/messages', async (route) => {
    await line
    await route.continue()
  })
  await field.press('Enter')
  await field.pressSequentially('Then tell me why')
  await field.press('Alt+Enter')
  letThrough()
  await log(page).getByText('Sent: read after the current step').waitFor()
  await log(page).getByText('Queued: read when the agent rests').waitFor()
  await log(page).getByText('And that.').waitFor()
  expect(
    await log(page)
      .getByText(/^(Sent|Queued):/)
      .count(),
  ).toBe(0)
  const said = (await eventsOf(id)).flatMap(({ body }) => (body.type === 'user-message' ? [[body.mode, body.text]] : []))
  expect(said).toEqual([
    ['steer', 'Use the other file'],
    ['queue', 'Then tell me why'],
  ])
})

test('an approval shows the exact effect with its reason, a no carries words, and the yes its hash', async () => {
  const [write, commit, publish, finish] = changing
  const look = { tool_calls: [tool('bash', { command: 'sleep 1; echo looked at; exit 3' })] }
  const id = await start({ steps: [write, look, commit, publish, publish, finish] }, { autonomy: 'plan', checks: ['cat new.txt'] })
  const page = await open(id)
  const asked = page.getByRole('region', { name: 'Waits for you' })
  await asked.getByText('The change request can be closed').waitFor({ timeout: 90_000 })
  const [ask] = (await eventsOf(id)).flatMap(({ body }) => (body.type === 'human-asked' ? [body] : []))
  await asked.getByText('Why you are asked').waitFor()
  await asked.getByText(ask?.effect?.reason ?? 'no reason', { exact: true }).waitFor()
  await asked.getByText(ask?.effect?.reversible ?? 'no way back', { exact: true }).waitFor()

  // Each step is a line with what it changed and how long it took, and unfolds to what went in and came out.
  const written = log(page).getByRole('button', { name: /^Wrote new\.txt/ })
  expect(await written.innerText()).toMatch(/\+1 −0/)
  await written.click()
  await log(page)
    .getByRole('button', { name: /^Wrote new\.txt/, expanded: true })
    .waitFor()
  await log(page).getByLabel('Input', { exact: true }).getByText('new', { exact: true }).waitFor()
  await written.click()
  const ran = log(page).getByRole('button', { name: /echo looked at/ })
  expect(await ran.innerText()).toMatch(/exit 3\s+\d+(\.\d)? s/)
  await ran.click()
  await log(page).getByLabel('Output', { exact: true }).getByText('looked at').waitFor()
  await ran.click()
  const receipts = log(page).getByRole('list', { name: 'Receipts' }).first()
  const receipt = receipts.getByRole('button', { name: /cat new\.txt/ })
  expect(await receipt.innerText()).toMatch(/exit 0\s+\d+(\.\d)? m?s/)
  await receipt.click()
  await receipts.getByLabel('Output of cat new.txt').getByText('new', { exact: true }).waitFor()

  await asked.getByRole('textbox', { name: /^Reason, if you decline/ }).fill('Say it better')
  await asked.getByRole('button', { name: 'Decline' }).click()
  const answered = log(page).getByRole('region', { name: 'Approval' })
  await answered.getByText('Not approved').waitFor()
  await answered.getByText('Say it better').waitFor()
  await asked.getByRole('button', { name: 'Approve' }).click({ timeout: 90_000 })
  const end = log(page).getByRole('region', { name: 'How it ended' })
  await end.getByText('Done, and verified').waitFor()
  // Nobody scrolled, so the page stayed with what came.
  expect(await page.getByRole('button', { name: /^\d+ new$|^To the end$/ }).count()).toBe(0)
  await asked.waitFor({ state: 'detached' })
  const events = await eventsOf(id)
  const question = events.flatMap(({ body }) => (body.type === 'human-asked' ? [body] : []))
  const answers = events.flatMap(({ body }) => (body.type === 'human-answered' ? [body] : []))
  expect(answers).toMatchObject([
    { decision: 'reject', text: 'Say it better' },
    { decision: 'approve', effectHash: question[1]?.effect?.hash },
  ])
  await answered.getByRole('button', { name: 'Show the exact effect' }).last().click()
  await answered.getByText(question[1]?.effect?.reason ?? 'no reason', { exact: true }).waitFor()
  await log(page).getByRole('region', { name: 'Change request' }).waitFor()
  // Its card scrolls away; the bar keeps it.
  await page
    .getByRole('region', { name: 'About this session' })
    .getByLabel(/^Change request \d+$/)
    .waitFor()

  await end.getByRole('button', { name: 'Not good' }).click()
  await end.getByRole('textbox').fill('Too many files')
  await end.getByRole('button', { name: 'Send' }).click()
  await end.getByText('Too many files').waitFor()
  expect((await eventsOf(id)).at(-1)?.body).toMatchObject({ type: 'feedback-given', verdict: 'down', reason: 'Too many files' })
}, 180_000)

test('the steps of a plan are changed before they are approved', async () => {
  const plan = tool('update_plan', {
    steps: [
      { title: 'Look', status: 'open' },
      { title: 'Leap', status: 'open' },
    ],
  })
  const id = await start({ steps: [{ tool_calls: [plan] }, { text: 'As you say.' }] }, { autonomy: 'ask' })
  const page = await open(id)
  await page.getByRole('textbox', { name: 'Step 2' }).fill('Walk')
  await page.getByRole('button', { name: 'Move step 2 up' }).click()
  await page.getByRole('button', { name: 'Approve with changes' }).click()
  await log(page).getByText('As you say.').waitFor()
  const answers = (await eventsOf(id)).flatMap(({ body }) => (body.type === 'human-answered' ? [[body.decision, body.text]] : []))
  expect(answers).toEqual([['approve', 'Use these steps instead:\n1. Walk\n2. Look']])
})

test('the mode is changed beside the message or in the safety panel, and counts from the next step', async () => {
  const question = tool('ask_human', { question: 'Shall I begin?', options: ['Begin'] })
  const id = await start({ steps: [{ tool_calls: [question] }, ...changing] })
  const page = await open(id)
  const asked = page.getByRole('region', { name: 'Waits for you' })
  await asked.waitFor()
  await page.getByRole('button', { name: 'Mode: Go ahead' }).click()
  await page
    .getByRole('dialog', { name: 'Mode' })
    .getByRole('option', { name: /^Ask about everything/ })
    .click()
  await log(page).getByText('Ask about everything').waitFor()
  await page.getByRole('tab', { name: 'Safety' }).click()
  const safety = page.getByRole('region', { name: 'Safety' })
  const mode = (name: RegExp) => safety.getByRole('radio', { name })
  await expect.poll(() => mode(/^Ask about everything/).isChecked()).toBe(true)
  await safety.getByText('A plan has to be approved first.').waitFor()
  await safety.getByText('The open question still waits for your answer.').waitFor()

  // What is refused goes back, and says why.
  const problem = { error: { code: 'unavailable', message: 'The database is away.', requestId: 'r' } }
  await page.route(`**/api/v1/sessions/${id}`, (route) =>
    route.request().method() === 'PATCH' ? route.fulfill({ status: 503, json: problem }) : route.fallback(),
  )
  await mode(/^Go ahead/).click()
  await page.getByText('The mode is still Ask about everything. The database is away.').waitFor()
  await expect.poll(() => mode(/^Ask about everything/).isChecked()).toBe(true)
  await page.unroute(`**/api/v1/sessions/${id}`)
  expect(visit.problems.splice(0)).toEqual([expect.stringContaining('503')])

  await mode(/^Plan first/).click()
  await page.getByRole('button', { name: 'Mode: Plan first' }).waitFor()
  await expect
    .poll(async () => (await eventsOf(id)).findLast(({ body }) => body.type === 'autonomy-changed')?.body)
    .toMatchObject({
      autonomy: 'plan',
    })
  await asked.getByRole('button', { name: 'Begin' }).click()
  await asked.getByText(/^Push .* and open a change request/).waitFor({ timeout: 90_000 })
}, 180_000)

test('an open question is answered with one of its options', async () => {
  const question = tool('ask_human', { question: 'Which way?', options: ['Left', 'Right'] })
  const id = await start({ steps: [{ tool_calls: [question] }, { text: 'Thank you.' }] })
  const page = await open(id)
  await page.getByRole('region', { name: 'Waits for you' }).getByRole('button', { name: 'Right' }).click()
  await log(page).getByText('Thank you.').waitFor()
  expect((await eventsOf(id)).find(({ body }) => body.type === 'human-answered')?.body).toMatchObject({ decision: 'answer', text: 'Right' })
})

test('Stop is always there, says when there is nothing to stop, and stops what runs', async () => {
  const id = await start({ steps: sleeping })
  const page = await open(id)
  await log(page).getByText('Running').waitFor()
  // The tree does not wait for the end: what was written stands in it while the next command still runs.
  await page.getByRole('tab', { name: 'Files' }).click()
  const held = page.getByRole('tree').getByRole('treeitem', { name: /held\.txt.*added/ })
  await held.waitFor()
  expect(await held.innerText()).toMatch(/\+2/)
  await log(page).getByText('Running').waitFor()
  const stop = page.getByRole('button', { name: /^Stop/ })
  await stop.click()
  await log(page).getByRole('region', { name: 'How it ended' }).getByText('Stopped', { exact: true }).waitFor()
  await page
    .getByRole('button', { name: /^Stop/, disabled: true })
    .and(page.getByTitle('The agent rests: there is nothing to stop'))
    .waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await log(page).getByText('Read it.').waitFor()
}, 150_000)

test('a fork goes on with another model, tells what it costs, and asks when its budget is used up', async () => {
  const id = await start({ steps: [{ text: 'Nothing to do.' }] }, { budgetUsd: 0.2 })
  const page = await open(id)
  await log(page).getByText('Nothing to do.').waitFor()
  await page.getByText('At rest').waitFor()
  await page.getByRole('button', { name: 'More about this session' }).click()
  await page.getByRole('menuitem', { name: 'Fork with another model' }).click()
  const dialog = page.getByRole('dialog', { name: 'Fork this session' })
  await dialog.getByLabel('Model').selectOption(pricedModel)
  expect(await seriousFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Fork', exact: true }).click()
  await page.waitForURL((url) => url.pathname.startsWith('/sessions/') && !url.pathname.endsWith(id))
  const forkedId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  expect(await web.call('GET', `/sessions/${forkedId}`)).toMatchObject({ model: pricedModel })

  // Other pages have asked for models too, and for more about them.
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Models' }).click()
  await page.getByText('Writes code').waitFor()
  await page.goBack()
  await page.goBack()

  const field = page.getByRole('textbox', { name: 'Message to the agent' })
  await field.fill('Spend it')
  await field.press('Enter')
  await log(page).getByText('Money well spent.').waitFor()
  const bar = page.getByRole('region', { name: 'About this session' })
  await bar.getByText('$0.19').waitFor()
  expect(await bar.getByRole('meter', { name: 'Cost' }).getAttribute('aria-valuenow')).toBe('95')
  await bar.getByText('75k tokens').waitFor()
  expect(await bar.getByRole('meter', { name: 'Context' }).getAttribute('aria-valuenow')).toBe('19')
  const timeline = page.getByRole('region', { name: 'Timeline' })
  await timeline.getByText(/context 75k · \$0\.19 so far/).waitFor()
  await timeline
    .getByRole('option', { name: /Money well spent/ })
    .first()
    .waitFor()
  expect(await timeline.getByTitle(/Money well spent.*75k tokens, \$0\.19/).count()).toBe(1)

  await field.fill('And more')
  await field.press('Enter')
  const asked = page.getByRole('region', { name: 'Waits for you' })
  await asked.getByText(/The budget of \$0\.2000 does not cover the next step/).waitFor()
  await asked.getByText('$0.19 spent of $0.20').waitFor()
  const limit = asked.getByRole('textbox', { name: 'New limit in dollars' })
  await limit.fill('0.1')
  await asked.getByText('It must be more than what is spent already.').waitFor()
  expect(await asked.getByRole('button', { name: 'Raise the limit' }).isDisabled()).toBe(true)
  await limit.fill('1')
  await asked.getByRole('button', { name: 'Raise the limit' }).click()
  await log(page).getByText('New limit $1.00').waitFor()
  await bar.getByText('$0.38').waitFor()
  expect((await eventsOf(forkedId)).findLast(({ body }) => body.type === 'human-answered')?.body).toMatchObject({
    decision: 'approve',
    budgetMicros: 1_000_000,
  })
}, 150_000)

test('a session that paused by itself says why, and goes on when it is told to', async () => {
  const malformed = { tool_calls: [tool('read_file')] }
  const id = await start({ steps: [...Array.from({ length: 5 }, () => malformed), { text: 'Better now.' }] })
  const page = await open(id)
  const asked = page.getByRole('region', { name: 'Waits for you' })
  await asked.getByText(/5 tool calls in a row were malformed/).waitFor()
  await asked.getByRole('textbox', { name: /^Anything it should know/ }).fill('Use a path')
  await asked.getByRole('button', { name: 'Go on' }).click()
  await log(page).getByText('Better now.').waitFor()
  await log(page).getByText('Going on').waitFor()
  expect((await eventsOf(id)).find(({ body }) => body.type === 'human-answered')?.body).toMatchObject({
    decision: 'approve',
    text: 'Use a path',
  })
})

test('a new title stays', async () => {
  const id = await start({ steps: [{ text: 'Nothing to do.' }] })
  const page = await open(id)
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('textbox', { name: 'Title of the session' }).fill('Better named')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Better named' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Better named' }).waitFor()
  await page.waitForFunction(() => document.title === 'Better named · Slipway')
})

test('a shared link shows the session to a stranger, who can do nothing, until it is withdrawn', async () => {
  const id = await start({ steps: [{ text: 'What a stranger may read.' }] })
  const page = await open(id)
  await log(page).getByText('What a stranger may read.').waitFor()
  await page.getByRole('button', { name: 'More about this session' }).click()
  await page.getByRole('menuitem', { name: 'Share a link' }).click()
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.getByRole('textbox', { name: 'The new link' }).inputValue()
  const stranger = await web.visit()
  await stranger.page.goto(link)
  await log(stranger.page).getByText('What a stranger may read.').waitFor()
  expect(await stranger.page.getByRole('textbox').count()).toBe(0)
  expect(await stranger.page.getByRole('button', { name: /Stop|Rename|Good|Send/ }).count()).toBe(0)
  expect(await stranger.page.getByRole('meter', { name: 'Cost' }).count()).toBe(0)
  await stranger.page.getByText('Live', { exact: true }).first().waitFor()
  expect(stranger.problems).toEqual([])
  await page.getByRole('button', { name: 'Withdraw' }).click()
  await stranger.page.getByText('Not connected').waitFor()
  await stranger.page.reload()
  await stranger.page.getByText('This link leads nowhere').waitFor()
  await stranger.close()
})

test('a session is taken along as Markdown, as a page and as its events', async () => {
  const id = await start({ steps: [{ text: 'To be kept.' }] })
  const page = await open(id)
  await log(page).getByText('To be kept.').waitFor()
  for (const format of ['Markdown', 'HTML', 'JSON']) {
    await page.getByRole('button', { name: 'More about this session' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: `Export as ${format}` }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toContain('To be kept')
  }
})

test('what a model writes cannot run, load or hide anything', async () => {
  const text =
    'Look: ![pixel](https://evil.example/pixel.png) <img src="https://evil.example/x.png" onerror="window.wasRun = true"> [here](javascript:alert(1)) and [there](https://example.org/page).'
  const id = await start({ steps: [{ text }] })
  const page = await open(id)
  const link = log(page).getByRole('link', { name: /there/ })
  await link.waitFor()
  expect(await link.getAttribute('rel')).toContain('noopener')
  expect(await link.innerText()).toContain('example.org')
  expect(await log(page).locator('img').count()).toBe(0)
  expect(await log(page).getByRole('link', { name: 'here', exact: true }).count()).toBe(0)
  expect(await page.evaluate(() => 'wasRun' in window)).toBe(false)
})

test('names, titles, files, changes, output and questions are shown as the text they are, on every page and in the export', async () => {
  const word = 'palimpsest'
  const hostile = `<img src=x onerror="window.wasRun=1">${word}<script>window.wasRun=1</script>`
  const file = `<img src=x onerror=wasRun=1> ${word}.html`
  const id = await start({
    steps: [
      { tool_calls: [tool('update_plan', { steps: [{ title: hostile, status: 'open' }], note: hostile })] },
      { tool_calls: [tool('write_file', { path: file, content: `${hostile}\n` })] },
      { tool_calls: [tool('bash', { command: `cat *.html; printf '\\033]8;;javascript:wasRun=1\\007${word}\\033]8;;\\007'` })] },
      { tool_calls: [tool('commit', { message: hostile })] },
      { tool_calls: [tool('ask_human', { question: hostile, options: [hostile, 'No'] })] },
      { tool_calls: [tool('finish', { summary: hostile })] },
    ],
  })
  await web.call('PATCH', `/sessions/${id}`, { title: hostile })
  const { page } = visit
  const expectInert = async (): Promise<void> => {
    expect(await page.evaluate(() => ['wasRun' in window, document.querySelectorAll('[onerror], [src=x]').length])).toEqual([false, 0])
  }
  await page.goto(`/sessions/${id}`)
  await page.getByRole('heading', { level: 1, name: hostile }).waitFor()
  const waits = page.getByRole('region', { name: 'Waits for you' })
  await waits.getByRole('button', { name: hostile }).waitFor()
  await page.getByRole('tab', { name: 'Changes' }).click()
  await page
    .getByRole('group', { name: new RegExp(`^Lines of .*${word}`) })
    .getByText(word)
    .first()
    .waitFor()
  await page.getByRole('tab', { name: 'Files' }).click()
  await page.getByRole('treeitem', { name: new RegExp(word) }).click()
  await page.locator('.monaco-editor .view-line', { hasText: word }).waitFor()
  await page.locator('.xterm-rows', { hasText: word }).waitFor()
  await expectInert()
  await waits.getByRole('button', { name: hostile }).click()
  await page.getByText('At rest').waitFor()
  await expectInert()

  await page.goto('/')
  await page.getByRole('link', { name: hostile }).waitFor()
  await page.getByLabel('Search in all sessions').fill(word)
  await page.locator('mark', { hasText: word }).first().waitFor()
  await expectInert()

  const share = (await web.call('POST', `/sessions/${id}/shares`, {})) as { token: string }
  await page.goto(`/shared/${share.token}`)
  await log(page).getByText(word).first().waitFor()
  await expectInert()

  const exported = await page.request.get(`/api/v1/sessions/${id}/export?format=html`)
  expect(exported.headers()['content-disposition']).toMatch(/^attachment/)
  const saved = join(web.cli.home, '..', 'exported.html')
  await writeFile(saved, await exported.body())
  const reader = await page.context().newPage()
  await reader.goto(`file://${saved}`)
  await reader.getByText(word).first().waitFor()
  expect(await reader.evaluate(() => ['wasRun' in window, document.querySelectorAll('img, script').length])).toEqual([false, 0])
  await reader.close()
}, 180_000)

test('on a narrow screen the columns are tabs that arrow keys move between, and nothing is wider than the screen', async () => {
  const id = await start({ steps: [{ text: 'Narrow.' }] })
  const narrow = await visit.context.newPage()
  await narrow.setViewportSize({ width: 360, height: 740 })
  await open(id, narrow)
  await log(narrow).getByText('Narrow.').waitFor()
  await narrow.getByRole('tab', { name: 'Conversation' }).focus()
  await narrow.keyboard.press('ArrowRight')
  expect(await narrow.getByRole('tab', { name: 'Files' }).getAttribute('aria-selected')).toBe('true')
  expect(await narrow.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  await narrow.getByRole('button', { name: /^Stop/ }).waitFor()
  // Whichever part was looked at last, a session begins with its conversation.
  await narrow.reload()
  await log(narrow).getByText('Narrow.').waitFor()
  await narrow.close()
})

test('a long session opens at its end, older parts come when somebody scrolls up, and news wait below', async () => {
  const looks = Array.from({ length: 15 }, (_, step) => ({
    tool_calls: Array.from({ length: 5 }, (_, at) => tool('search', { pattern: `look-${step * 5 + at}` })),
  }))
  const id = await start({ steps: [...looks, { text: 'At the end.' }, { text: 'Said later.' }] })
  await expect.poll(async () => (await eventsOf(id)).at(-1)?.body.type, { timeout: 120_000 }).toBe('session-finished')
  // More than the page asks for at first.
  expect((await eventsOf(id)).length).toBeGreaterThan(200)
  const page = await open(id)
  await log(page).getByText('At the end.').waitFor()
  expect(await log(page).getByText('Do what the script says').count()).toBe(0)

  await expect
    .poll(async () => {
      await log(page).press('Home')
      return log(page).getByText('Do what the script says').count()
    })
    .toBe(1)
  await page.getByRole('button', { name: 'To the end' }).waitFor()
  await page.getByText('Loading what came before').waitFor({ state: 'detached' })
  const task = log(page).getByText('Do what the script says')
  await log(page).press('Home')
  await expect.poll(() => log(page).evaluate((element) => element.scrollTop)).toBe(0)
  const seen = await task.boundingBox()
  await web.call('POST', `/sessions/${id}/messages`, { text: 'One more' })
  const news = page.getByRole('button', { name: /^\d+ new$/ })
  await news.waitFor()
  expect(await task.boundingBox()).toEqual(seen)
  await news.click()
  await log(page).getByText('Said later.').waitFor()
  await page.getByRole('button', { name: /^\d+ new$|^To the end$/ }).waitFor({ state: 'detached' })

  const looked = (await eventsOf(id)).find(({ body }) => JSON.stringify(body).includes('look-30'))
  await page.goto(`/sessions/${id}?at=${looked?.seq ?? 0}`)
  const row = log(page).getByText('look-30', { exact: true })
  await row.waitFor()
  await expect.poll(async () => isInside(await row.boundingBox(), await log(page).boundingBox())).toBe(true)
}, 180_000)

test('an address without a session says so', async () => {
  const stranger = await web.visit({ as: 'bob@example.org' })
  const id = await start({ steps: [{ text: 'Not for Bob.' }] })
  for (const address of ['/sessions/nothing-here', `/sessions/${id}`]) {
    await stranger.page.goto(address)
    await stranger.page.getByText('There is no such session').waitFor()
  }
  await stranger.close()
})

test('what was blocked is told with what would let it through, and axe finds nothing serious beside any kind of card', async () => {
  const asking = 'curl -s http://forbidden.example/; curl -s http://forbidden.example/'
  const first = { ...changing[0], reasoning: 'Hm.', text: '# Title\n\n- `code`\n\n[a link](https://example.org)\n\n```ts\nlet a\n```' }
  const id = await start(
    { steps: [first, { tool_calls: [tool('bash', { command: asking })] }, ...changing.slice(1)] },
    { autonomy: 'plan' },
  )
  const page = await open(id)
  await page.getByRole('button', { name: 'Approve' }).waitFor({ timeout: 90_000 })
  const card = log(page).getByRole('region', { name: 'A network request was blocked' })
  await card.getByText('forbidden.example:80').waitFor()
  await card.getByText('is not on the list of allowed hosts; asked for 2 times (a command of the agent)').waitFor()
  await card.getByText(/^Commands of the agent reach only what an administrator names in SLIPWAY_EGRESS_ALLOW/).waitFor()
  const told = (await eventsOf(id)).flatMap(({ body }) => (body.type === 'tool-finished' ? [body.output] : [])).join('\n')
  expect(told).toMatch(/Slipway refused this connection: not-allowed\. Commands of the agent reach .*`SLIPWAY_EGRESS_ALLOW`/)
  await page.getByRole('tab', { name: 'Safety' }).click()
  const safety = page.getByRole('region', { name: 'Safety' })
  await safety.getByText('2 attempts blocked').waitFor()
  const blocked = safety.getByRole('listitem').filter({ hasText: 'forbidden.example:80' })
  expect(await blocked.innerText()).toMatch(/2 ×\s+is not on the list of allowed hosts \(by a command\)/)
  await safety.getByText(/^Commands of the agent reach only/).waitFor()
  const findings: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    findings.push(...(await seriousFindings(page)).map((finding) => `${colorScheme} ${finding}`))
  }
  await page.emulateMedia({ colorScheme: 'light' })
  expect(findings).toEqual([])
}, 150_000)

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await axe)
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResult
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`)
}

type Box = { y: number; height: number } | null

function isInside(inner: Box, outer: Box): boolean {
  return inner !== null && outer !== null && inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string }[] }[]
}
