// The parts beside the conversation, in a real browser on a real session: files, changes, terminal, timeline, safety.

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { openWeb, type Visit, type Web } from './browser.ts'

interface Event {
  seq: number
  body: { type: string; text?: string; checkpoint?: string }
}

let web: Web
let visit: Visit
let page: Page
let id: string

const bash = (command: string) => ({ tool_calls: [{ name: 'bash', input: { command } }] })
const finish = { tool_calls: [{ name: 'finish', input: { outcome: 'unverified', summary: 'Carved.' } }] }

beforeAll(async () => {
  web = await openWeb()
  visit = await web.visit({ as: 'ada@example.org' })
  page = visit.page
  page.setDefaultTimeout(15_000)
  const model = await web.cli.script('carve', [
    bash(`mkdir src; printf 'export const one = 1\\nexport const two = 2\\n' > src/dial.ts; printf '\\0' > sundial.bin`),
    bash(`printf '\\033[32mgreen\\033[0m \\033]0;title\\007\\033[2J'; seq 1 20000; echo a needle in it`),
    bash(`printf 'export const one = 1\\nexport const three = 3\\n' > src/dial.ts`),
    // The first one of a turn is answered with a question about uncommitted work.
    finish,
    finish,
    bash(`printf 'export const four = 4\\n' >> src/dial.ts`),
    ...Array.from({ length: 6 }, () => finish),
  ])
  const task = { task: 'Carve a dial', repository: web.cli.repository, model, autonomy: 'auto' }
  id = ((await web.call('POST', '/sessions', task)) as { id: string }).id
  await page.goto(`/sessions/${id}`)
  await page.getByText('At rest').waitFor()
}, 300_000)
afterAll(() => web.close())

const events = async (): Promise<Event[]> => ((await web.call('GET', `/sessions/${id}/events?limit=1000`)) as { events: Event[] }).events

/** Chooses a step of the timeline by keyboard alone: the first whose name matches. */
async function goToStep(name: RegExp): Promise<void> {
  const strip = page.getByRole('listbox', { name: 'Steps' })
  await strip.focus()
  await page.keyboard.press('Home')
  const seen: (string | null)[] = []
  for (let step = 0; step < 60; step++) {
    const label = await strip.locator('[data-active="true"]').getAttribute('title')
    if (name.test(label ?? '')) return page.keyboard.press('Enter')
    seen.push(label)
    await page.keyboard.press('ArrowRight')
  }
  throw new Error(`no step is called ${name}, but ${seen.join('; ')}`)
}

test('a changed file opens from the tree by keyboard, with its colours, and a binary one says so', async () => {
  await page.getByRole('button', { name: /Only changed/ }).click()
  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem', { name: /dial\.ts.*added/ }).waitFor()
  await tree.focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.locator('.monaco-editor .view-line', { hasText: 'three' }).waitFor()
  await page.locator('.monaco-editor .mtk1').first().waitFor({ state: 'attached' })
  await expect
    .poll(() => page.locator('.view-line span[class*="mtk"]').evaluateAll((spans) => new Set(spans.map((span) => span.className)).size))
    .toBeGreaterThan(1)
  expect(page.url()).toContain('file=src%2Fdial.ts')
  await page.locator('.monaco-editor .line-numbers', { hasText: /^2$/ }).click()
  await page.getByText('line 2', { exact: true }).waitFor()
  expect(page.url()).toContain('line=2')
  await page.getByRole('button', { name: 'Back to the files' }).click()
  await page.getByRole('treeitem', { name: /sundial\.bin/ }).click()
  await page.getByText('A binary file').waitFor()
  await page.getByRole('button', { name: 'Back to the files' }).click()
  expect(visit.problems).toEqual([])
})

test('a comment on a line of the change goes with the next message', async () => {
  await page.getByRole('tab', { name: 'Changes' }).click()
  const lines = page.getByRole('group', { name: /^Lines of src\/dial\.ts/ })
  await lines.getByText('three').first().waitFor()
  await lines.focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  const box = page.getByRole('textbox', { name: 'Comment on src/dial.ts, line 2' })
  await box.waitFor()
  await box.fill('Why not two?')
  // It leaves the page with its file, and comes back with it.
  for (let turn = 0; turn < 2; turn++) await page.locator('[data-file]', { hasText: 'dial.ts' }).click()
  expect(await box.inputValue()).toBe('Why not two?')
  await page.getByRole('button', { name: 'Add comment' }).click()
  await page.getByRole('button', { name: 'Remove the comment on line 2' }).waitFor()
  await page
    .getByRole('textbox', { name: /message|say/i })
    .last()
    .fill('Please look at it.')
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => (await events()).findLast(({ body }) => body.type === 'user-message')?.body.text)
    .toBe('> src/dial.ts:2\nWhy not two?\n\nPlease look at it.')
  await page.getByText('At rest').waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Remove the comment on line 2' }).count()).toBe(0)
  expect(visit.problems).toEqual([])
})

test('the last turn and any two points are compared, side by side where there is room, and either side takes a comment by mouse', async () => {
  const which = page.getByRole('combobox', { name: 'Which change' })
  const lines = page.getByRole('group', { name: /^Lines of src\/dial\.ts/ })
  const code = (side: string, text: string) => lines.locator(`[data-code]${side} [data-line]`, { hasText: text })
  await which.selectOption({ label: 'Last turn' })
  await page.getByText(/^1 file \+1 −0/).waitFor()
  await code('', 'four').waitFor()

  await which.selectOption({ label: 'Between two points' })
  const from = page.getByRole('combobox', { name: 'From' })
  await from.selectOption(await from.locator('option', { hasText: 'after mkdir src' }).getAttribute('value'))
  await code('', 'two').waitFor()
  const { width } = (await lines.boundingBox()) ?? { width: 0 }
  expect(await code('[data-deletions]', 'two').count()).toBe(0)
  await page.getByRole('button', { name: 'Show the versions side by side' }).click()
  await code('[data-deletions]', 'two').waitFor()
  await code('[data-additions]', 'three').waitFor()
  expect((await lines.boundingBox())?.width).toBeGreaterThan(width * 1.5)

  const number = (side: string, line: number) => lines.locator(`[data-code]${side} [data-column-number="${line}"]`)
  for (const [side, line, text] of [
    ['[data-deletions]', 2, 'It was better'],
    ['[data-additions]', 3, 'One too many'],
  ] as const) {
    await number(side, line).click()
    await page.getByRole('textbox', { name: `Comment on src/dial.ts, line ${line}` }).fill(text)
    await page.getByRole('button', { name: 'Add comment' }).click()
    await page.getByRole('button', { name: `Remove the comment on line ${line}` }).waitFor()
  }
  await page.getByRole('textbox', { name: 'Message to the agent' }).fill('Please mend it.')
  await page.keyboard.press('Enter')
  await expect
    .poll(async () => (await events()).findLast(({ body }) => body.type === 'user-message')?.body.text)
    .toBe('> src/dial.ts:2 (before the change)\nIt was better\n\n> src/dial.ts:3\nOne too many\n\nPlease mend it.')
  await page.getByText('At rest').waitFor()
  await page.getByRole('button', { name: 'Wide panel', pressed: true }).click()
  await page.getByRole('button', { name: 'Wide panel', pressed: false }).waitFor()
  await page.getByRole('region', { name: 'Terminal, read-only' }).waitFor()
  await which.selectOption({ label: 'Whole change' })
  expect(visit.problems).toEqual([])
})

test('on a window as wide as a tablet the wide panel takes the room of the conversation too, for two versions side by side', async () => {
  await page.setViewportSize({ width: 1_000, height: 800 })
  await page.getByRole('tab', { name: 'Changes' }).click()
  await page.getByRole('button', { name: 'Wide panel', pressed: false }).click()
  await page.getByRole('button', { name: 'Show the versions in one column' }).waitFor()
  const column = () => page.locator('#middle').evaluate((element) => [element.clientWidth, element.querySelector('[inert]') !== null])
  await expect.poll(column).toEqual([0, true])
  await page.getByRole('button', { name: 'Wide panel', pressed: true }).click()
  await expect.poll(async () => (await column())[1]).toBe(false)
  await page.getByRole('textbox', { name: 'Message to the agent' }).click()
  await page.setViewportSize({ width: 1_440, height: 900 })
  expect(visit.problems).toEqual([])
})

test('the terminal finds what was printed, cleans what commands send it, and brings the whole output', async () => {
  const terminal = page.getByRole('region', { name: 'Terminal, read-only' })
  expect(await page.title()).not.toContain('title')
  await page.getByRole('searchbox', { name: 'Search the terminal' }).fill('a needle in it')
  await terminal.getByText('a needle in it').first().waitFor()
  await page
    .getByRole('status')
    .filter({ hasText: /^\d of \d$/ })
    .waitFor()
  const commands = page.getByRole('combobox', { name: 'Go to a command' })
  const value = await commands.locator('option', { hasText: 'seq 1 20000' }).first().getAttribute('value')
  await commands.selectOption(value)
  await page.getByRole('button', { name: 'Whole output of this command' }).click()
  const dialog = page.getByRole('dialog', { name: 'Whole output' })
  await dialog.getByText('19999').waitFor()
  await page.keyboard.press('Escape')
  expect(visit.problems).toEqual([])
})

test('a hit in an output unfolds it and marks the words', async () => {
  const sought = page.getByRole('log').locator('[aria-current=location]')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Go somewhere').waitFor()
  await page.keyboard.type('needle in')
  await page
    .getByRole('dialog')
    .getByRole('option', { name: /needle in/ })
    .first()
    .click()
  const mark = sought.getByLabel('Output', { exact: true }).locator('mark', { hasText: 'needle' })
  await mark.waitFor()
  await expect
    .poll(() =>
      mark.evaluate(
        (element) => document.elementFromPoint(element.getBoundingClientRect().x + 1, element.getBoundingClientRect().y + 1) === element,
      ),
    )
    .toBe(true)
  // What somebody folds stays folded.
  await sought.getByRole('button', { expanded: true }).first().click()
  await mark.waitFor({ state: 'detached' })
  expect(visit.problems).toEqual([])
})

test('a step of the timeline shows the files and commands of then, and there is a way back', async () => {
  await page.getByRole('tab', { name: 'Files' }).click()
  await goToStep(/Ran mkdir src/)
  await page.getByText(/You look at step \d+ of \d+/).waitFor()
  await page.getByRole('treeitem', { name: /dial\.ts/ }).click()
  await page.locator('.monaco-editor .view-line', { hasText: 'two' }).waitFor()
  await expect.poll(() => page.getByRole('combobox', { name: 'Go to a command' }).locator('option').count()).toBe(1)
  await page.getByRole('button', { name: 'Back to live' }).last().click()
  await page.locator('.monaco-editor .view-line', { hasText: 'three' }).waitFor()
  await page.getByRole('button', { name: 'Back to the files' }).click()
  expect(page.url()).not.toContain('at=')
  expect(visit.problems).toEqual([])
})

test('rolling back shows what is lost first, and does it', async () => {
  await goToStep(/Ran mkdir src/)
  await page.getByRole('button', { name: 'Roll back to here' }).click()
  const dialog = page.getByRole('dialog', { name: 'Roll back to here' })
  const lost = dialog.getByRole('list', { name: 'What would be lost' })
  await lost.getByText('src/dial.ts').waitFor()
  expect(await lost.getByRole('listitem').count()).toBe(1)
  await dialog.getByRole('button', { name: 'Roll back', exact: true }).click()
  await expect.poll(async () => (await events()).at(-2)?.body.type).toBe('checkpoint-restored')
  expect(((await web.call('GET', `/sessions/${id}/file?path=src/dial.ts`)) as { text: string }).text).toContain('two')
  expect(visit.problems).toEqual([])
})

test('safety tells the mode, the gates and the limits', async () => {
  await page.getByRole('tab', { name: 'Safety' }).click()
  const panel = page.getByRole('region', { name: 'Safety' })
  await expect.poll(() => panel.getByRole('radio', { name: /^Go ahead/ }).isChecked()).toBe(true)
  await panel.getByText('asks you').first().waitFor()
  await panel.getByText('Nothing was blocked.').waitFor()
  expect(visit.problems).toEqual([])
})

test('a page with its panels put away is not wider than its window', async () => {
  const hidden = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  for (const name of ['Terminal and preview', 'Files and changes']) await page.getByRole('button', { name, exact: true }).click()
  expect(await hidden()).toBe(0)
  for (const name of ['Terminal and preview', 'Files and changes']) await page.getByRole('button', { name, exact: true }).click()
})

test('an address that names a file shows it, whichever tab was open before', async () => {
  await page.goto(`/sessions/${id}?file=src/dial.ts`)
  await page.locator('.monaco-editor .view-line', { hasText: 'two' }).waitFor()
  await page.getByRole('button', { name: 'Back to the files' }).click()
})

test('a fork goes on from the step that is looked at', async () => {
  await goToStep(/Ran mkdir src/)
  await page.getByRole('button', { name: 'Fork from here' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Fork', exact: true }).click()
  await page.waitForURL((url) => url.pathname.startsWith('/sessions/') && !url.pathname.endsWith(id))
  const forked = new URL(page.url()).pathname.split('/').at(-1)
  const { events: copied } = (await web.call('GET', `/sessions/${forked}/events?limit=1000`)) as { events: Event[] }
  expect(copied.some(({ body }) => body.type === 'session-forked')).toBe(true)
  expect(visit.problems).toEqual([])
})

test('what is not wanted is thrown away where its safety is told, and stays in the archive', async () => {
  const thrownId = new URL(page.url()).pathname.split('/').at(-1)
  await page.getByRole('tab', { name: 'Safety' }).click()
  await page.getByRole('region', { name: 'Safety' }).getByRole('button', { name: 'Throw away …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Throw this session away' })
  await dialog.getByText('The log and the branch stay.').waitFor()
  await dialog.getByRole('button', { name: 'Throw away', exact: true }).click()
  await page.getByText('Thrown away.').waitFor()
  await page.waitForURL((url) => url.pathname === '/')
  expect(await web.call('GET', `/sessions/${thrownId}`)).toMatchObject({ isArchived: true })
  expect(visit.problems).toEqual([])
})
