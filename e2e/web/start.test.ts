// The first minutes: sign in by the link that is shown, be guided, start a session from the composer, find it again. In Chromium, on the real server.

import { createServer, type Server, type ServerResponse } from 'node:http'
import { mkdir, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createSampleRepository } from '@slipway/server/sample/sample-repository'
import type { EventBody, SessionEvent } from '@slipway/core/events'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { exampleBodies, exampleCreated } from '../../bench/parts/example-session.ts'
import { writeSessions } from '../../bench/parts/write-sessions.ts'
import { git } from '../doubles/github/git-command.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

let web: Web
let visit: Visit
let page: Page
let quick: string
let sample: string
/** Answers the set-up of a session, which waits for it. */
let harbour: Server
const waiting: ServerResponse[] = []
beforeAll(async () => {
  harbour = createServer((_, response) => void waiting.push(response))
  await new Promise<void>((done) => harbour.listen(0, '127.0.0.1', done))
  web = await openWeb(async (cli) => {
    quick = await cli.script('quick', [{ text: 'The greeting is polite already: nothing to change.' }])
    return {
      SLIPWAY_MODEL: `scripted/${new URL('../../apps/server/sample/script.yaml', import.meta.url).pathname}`,
      SLIPWAY_EGRESS_ALLOW_PRIVATE: harbourHost(),
      // One more to choose from; nothing is asked of it.
      OPENAI_API_KEY: 'never-used',
      OPENAI_BASE_URL: `http://${harbourHost()}`,
    }
  })
  await writeSessions(web.cli.home, earlierSessions())
  visit = await web.visit()
  page = visit.page
}, 180_000)
// What one test left behind is not the next one's failure.
afterEach(() => void visit.problems.splice(0))
afterAll(async () => {
  harbour.closeAllConnections()
  harbour.close()
  await web.close()
})

function harbourHost(): string {
  return `127.0.0.1:${(harbour.address() as AddressInfo).port}`
}

const TASKS = 33
/** What somebody has behind them: one that asks, one that runs, one in review, many that are done, and a very long one. */
function earlierSessions(): EventBody[][] {
  const role = { model: quick, effort: null, fallback: null }
  const roles = { plan: role, code: role, explore: role, summarise: role, title: role }
  const created = (title: string) =>
    exampleCreated({
      title,
      roles,
      ownerId: 'local',
      task: { text: title, source: { kind: 'cli', ref: null } },
      repository: { url: '/srv/harbour', forge: 'local', slug: null, base: null },
    })
  const ends = (summary: string) => ({ type: 'session-finished', outcome: 'nothing-to-do', summary }) as const
  const tasks = Array.from({ length: TASKS }, (_, at) => [created(`Harbour task ${at + 1}`), ends(`Harbour task ${at + 1} is done.`)])
  const said = (text: string) => ({ type: 'user-message', text, mode: 'steer' }) as const
  const long: EventBody[] = [created('The long watch'), ...exampleBodies(2_400, 'local').slice(1), ends('All of it was looked at.')]
  long.splice(1_204, 0, said('Hang the obsidian lantern'))
  long.splice(59, 0, said('Mend the gnomon first'))
  const asks: EventBody = {
    type: 'human-asked',
    askId: 'which',
    kind: 'question',
    question: 'Which quay shall it be?',
    options: [],
    callId: null,
    effect: null,
    expiresAt: null,
  }
  const opened: EventBody = {
    type: 'change-request-opened',
    number: 7,
    url: 'https://forge.test/7',
    branch: 'slipway/7',
    base: 'main',
    draft: false,
    alreadyThere: false,
  }
  return [
    long,
    ...tasks,
    [created('Waits at the harbour'), asks],
    [created('Runs at the harbour')],
    [created('Reviewed at the harbour'), opened, { type: 'session-finished', outcome: 'verified', summary: 'It floats.' }],
  ]
}

test('whoever comes to a new installation signs in by the link that the page shows, and is guided on', async () => {
  // Not until it is loaded: the page may leave before that.
  await page.goto('/board?x=1', { waitUntil: 'commit' })
  await page.waitForURL('**/sign-in?next=%2Fboard%3Fx%3D1')
  await page.getByText('becomes the administrator').waitFor()
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await page.keyboard.press('Enter')
  await page.getByText('the link is shown here').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL('**/welcome')
  await page.getByRole('heading', { name: 'Pick a model' }).waitFor()
  // Being sent to the sign-in page began with a refusal, which Chromium notes.
  expect(visit.problems.splice(0).filter((problem) => !problem.includes('401'))).toEqual([])
})

test('the guide tests a model, shows what the machine has, keeps a repository, and runs the sample', async () => {
  const preferences = async () => ((await (await page.request.get('/api/v1/me')).json()) as { preferences: unknown }).preferences
  const { models } = (await web.call('GET', '/models/choices')) as { models: { model: string; isReady: boolean; isDefault: boolean }[] }
  const chosen = models.find(({ isReady, isDefault }) => isReady && !isDefault)?.model ?? ''
  await page.getByRole('radio', { name: chosen }).click()
  await expect.poll(preferences).toEqual({ model: chosen })
  const model = page.getByRole('combobox', { name: 'Model' })
  await model.fill('scripted/nowhere')
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText(/nowhere/).waitFor()
  await model.fill(quick)
  await page.getByRole('button', { name: 'Test' }).click()
  await page.getByText('The script “quick” is valid.').waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByText(/bubblewrap \d/).waitFor()
  await page.getByRole('radio', { name: 'Bubblewrap' }).click()
  await expect.poll(preferences).toEqual({ model: chosen, sandbox: 'bubblewrap' })
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('combobox', { name: 'Repository' }).fill(web.cli.repository)
  await page.getByRole('button', { name: 'Use it' }).click()
  await page.getByText('Reached: 1 branch, main is the default').waitFor()
  await expect.poll(preferences).toEqual({ model: chosen, sandbox: 'bubblewrap', repository: web.cli.repository })
  await page.getByRole('button', { name: 'Use a token for GitHub' }).click()
  await page.getByRole('dialog', { name: 'Connect GitHub with a token' }).getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Run the sample' }).click()
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)
  sample = page.url()
  expect(visit.problems).toEqual([])
})

test('who comes from the guide finds the tutorial beside the sessions, once, and can write while it is there', async () => {
  await page.goto('/?focus=composer')
  const tutorial = page.getByRole('complementary', { name: 'Short tutorial' })
  await tutorial.getByText('Say what should be done').waitFor()
  await page.keyboard.type('Not in the way')
  const composer = page.getByLabel('What should be done?')
  expect(await composer.inputValue()).toBe('Not in the way')
  await composer.fill('')
  for (const at of [2, 3, 4, 5]) {
    await tutorial.getByRole('button', { name: 'Next' }).click()
    await tutorial.getByText(`${at} of 5`).waitFor()
  }
  await tutorial.getByRole('button', { name: 'Done' }).click()
  await tutorial.waitFor({ state: 'detached' })
  const seen = async () => ((await (await page.request.get('/api/v1/me')).json()) as { preferences: object }).preferences
  await expect.poll(seen).toMatchObject({ hasSeenTutorial: true, sandbox: 'bubblewrap' })
  await page.reload()
  // Shown by the same answer that would open it.
  await page.getByRole('link', { name: /^Profile of / }).waitFor()
  expect(await tutorial.count()).toBe(0)
  expect(visit.problems).toEqual([])
})

test('what is typed before the scripts of the page have come stays when they have', async () => {
  const { page: slow, close } = await web.visit({ as: 'ada@example.org' })
  const { promise: scripts, resolve: letThem } = Promise.withResolvers<void>()
  await slow.route(/\.js$/, async (route) => {
    await scripts
    await route.continue()
  })
  await slow.goto('/', { waitUntil: 'commit' })
  const composer = slow.getByLabel('What should be done?')
  await composer.pressSequentially('Greet early')
  const search = slow.getByLabel('Search in all sessions')
  await search.pressSequentially('early words')
  letThem()
  // Only React offers what was worked on.
  await slow.getByRole('button', { name: /^Repository: (?!Choose)/ }).waitFor()
  expect(await composer.inputValue()).toBe('Greet early')
  expect(await search.inputValue()).toBe('early words')
  await expect.poll(() => new URL(slow.url()).search).toBe('?q=early+words')
  await close()
})

test('what is opened before the scripts of the page have come is filled when they have', async () => {
  const { page: slow, close } = await web.visit({ as: 'ada@example.org' })
  const { promise: scripts, resolve: letThem } = Promise.withResolvers<void>()
  await slow.route(/\.js$/, async (route) => {
    await scripts
    await route.continue()
  })
  await slow.goto('/', { waitUntil: 'commit' })
  await slow.getByRole('button', { name: /^Mode: / }).click()
  await slow.getByRole('dialog', { name: 'Mode' }).waitFor()
  letThem()
  await slow.getByRole('option', { name: /Plan first/ }).waitFor()
  await close()
})

test('the composer is prefilled by the address once, starts with Enter, and shows at once that it does', async () => {
  await git(web.cli.repository, ['branch', 'careful', 'main'])
  const given = { task: 'Greet politely', repository: web.cli.repository, branch: 'careful', model: quick, mode: 'auto', budget: '2' }
  await page.goto(`/?${new URLSearchParams({ ...given, environment: 'bubblewrap' })}`)
  const composer = page.getByLabel('What should be done?')
  await expect.poll(() => composer.inputValue()).toBe('Greet politely')
  for (const name of [
    'Repository: repository',
    'Start from: careful',
    'Environment: Bubblewrap',
    'Mode: Go ahead',
    'Model: Script quick.json',
    'Budget: at most $2 · free',
  ])
    await page.getByRole('button', { name }).waitFor()
  await expect.poll(() => page.url()).toBe(`${web.url}/`)
  await composer.press('End')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('and say so')
  await page.reload()
  await expect.poll(() => composer.inputValue()).toBe('Greet politely\nand say so')

  let release = (): void => undefined
  const held = new Promise<void>((done) => (release = done))
  await page.route('**/api/v1/sessions', async (route) => {
    if (route.request().method() === 'POST') await held
    await route.continue()
  })
  await page.evaluate(noteWhenShown)
  await composer.press('Enter')
  // What waited for the server would never come.
  await page.getByText('Starting “Greet politely”').waitFor()
  const shownAfterMs = Number(await page.evaluate(() => document.body.dataset['shownAfterMs']))
  console.log(`after Enter it took ${shownAfterMs} ms until something was shown`)
  release()
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)
  await page.unroute('**/api/v1/sessions')
  await page.getByText('Task written here').waitFor()
  const { events } = (await web.call('GET', `/sessions/${page.url().split('/').at(-1)}/events?limit=1`)) as { events: SessionEvent[] }
  expect(events[0]?.body).toMatchObject({
    title: 'Greet politely',
    task: { text: 'Greet politely\nand say so' },
    repository: { url: web.cli.repository, base: 'careful' },
    roles: { code: { model: quick } },
    autonomy: 'auto',
    sandbox: 'bubblewrap',
    limits: { budgetMicros: 2_000_000 },
  })
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
  expect([await composer.inputValue(), page.url()]).toEqual(['', `${web.url}/`])
  // The next ones start from where they usually do.
  await page.getByRole('button', { name: 'Start from: careful' }).click()
  await page.getByRole('option', { name: /^main/ }).click()
  expect(visit.problems).toEqual([])
})

/** Runs in the page: from the next key until something new was drawn, written where the test reads it. */
function noteWhenShown(): void {
  document.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      const observer = new MutationObserver(() => {
        if (!document.body.innerText.includes('Starting “')) return
        observer.disconnect()
        requestAnimationFrame(() => (document.body.dataset['shownAfterMs'] = String(Math.round(performance.now() - timeStamp))))
      })
      observer.observe(document.body, { subtree: true, childList: true, characterData: true })
    },
    { capture: true, once: true },
  )
}

test('what a session will cost with a model is estimated before it starts, with the reason', async () => {
  const model = 'openai/gpt-5'
  const { lowMicros, highMicros } = (await web.call('GET', `/estimate?model=${model}`)) as { lowMicros: number; highMicros: number }
  const dollars = (micros: number): string => (micros / 1_000_000).toFixed(2)
  const range = `$${dollars(lowMicros)}–${dollars(highMicros)}`
  expect(highMicros).toBeGreaterThan(lowMicros)
  await page.goto(`/?model=${model}`)
  await page.getByRole('button', { name: `Budget: at most $2 · ≈ ${range}` }).click()
  await page.getByText(`About ${range}. The price of a small and of a long session at this model’s list price.`).waitFor()
  await page.keyboard.press('Escape')
  await page.goto(`/?${new URLSearchParams({ model: quick })}`)
  await page.getByRole('button', { name: 'Budget: at most $2 · free' }).waitFor()
  expect(visit.problems).toEqual([])
})

test('while a session is made ready each step counts its seconds, the set-up is seen at work, and a message waits', async () => {
  const folder = join(web.cli.home, '..')
  const files = join(folder, 'rigged-files')
  const repository = join(folder, 'rigged.git')
  await mkdir(join(files, '.slipway'), { recursive: true })
  const knock = `curl -s -m 100 --noproxy '' -x http://127.0.0.1:3128 http://${harbourHost()}/`
  await writeFile(
    join(files, '.slipway', 'environment.yaml'),
    `setup: [${JSON.stringify(`echo unpacking the sails; ${knock}`)}]\nallow_hosts: ["${harbourHost()}"]\n`,
  )
  await createSampleRepository({ folder: files, gitDir: repository, at: new Date('2026-01-01T00:00:00Z') })
  const looks = { text: 'I look first.', tool_calls: [{ name: 'bash', input: { command: 'true' } }] }
  const model = await web.cli.script('rigged', [looks, { text: 'All is rigged.' }])
  await page.goto(`/?${new URLSearchParams({ task: 'Rig it', repository, model, mode: 'auto' })}`)
  await page.getByRole('button', { name: 'Repository: rigged' }).waitFor()
  await page.getByLabel('What should be done?').press('Enter')

  const boot = page.getByRole('region', { name: 'Getting ready' })
  await boot.getByText('unpacking the sails', { exact: true }).waitFor()
  const steps = async () => (await boot.getByRole('listitem').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim())
  // Who comes later sees the same, although nothing more is printed.
  await page.reload()
  await boot.getByText('unpacking the sails', { exact: true }).waitFor()
  await expect
    .poll(steps)
    .toEqual([
      expect.stringMatching(/^Queued \d+(\.\d+)? m?s$/),
      expect.stringMatching(/^Repository main at [0-9a-f]{10} \d+(\.\d+)? m?s$/),
      expect.stringMatching(/^Sandbox \d+(\.\d+)? m?s$/),
      expect.stringMatching(/^Set-up \d+ s$/),
      expect.stringMatching(/^First thought \d+(\.\d+)? m?s$/),
    ])
  const states = await boot
    .getByRole('listitem')
    .getByRole('img')
    .or(boot.locator('li svg'))
    .evaluateAll((icons) => icons.map((icon) => icon.getAttribute('aria-label')))
  expect(states).toEqual(['done', 'done', 'done', 'now', 'done'])
  const before = (await steps())[3]
  await expect.poll(async () => (await steps())[3]).not.toBe(before)

  const field = page.getByRole('textbox', { name: 'Message to the agent' })
  await field.fill('Mind the reef')
  await field.press('Enter')
  const log = page.getByRole('log')
  await log.getByText('Queued: read when the agent is ready').waitFor()
  expect(await boot.count()).toBe(1)
  await expect.poll(() => waiting.length).toBeGreaterThan(0)
  for (const response of waiting.splice(0)) response.end('ready')

  await log.getByText('All is rigged.').first().waitFor()
  await log.getByText('Queued: read').waitFor({ state: 'detached' })
  await log.getByRole('button', { name: /^Started/ }).click()
  const over = log.getByRole('listitem').filter({ hasText: /^Set-up/ })
  expect(await over.innerText()).toMatch(/unpacking the sails[\s\S]*\d s$/)
  visit.problems.splice(0)
}, 180_000)

test('what was typed outlives a reload and a refused start, and the refusal says what to do', async () => {
  await page.goto('/')
  const composer = page.getByLabel('What should be done?')
  await expect.poll(() => composer.inputValue()).toBe('')
  await composer.fill('Keep these words')
  await page.reload()
  await expect.poll(() => composer.inputValue()).toBe('Keep these words')
  await page.route('**/api/v1/sessions', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
  await composer.focus()
  await page.keyboard.press('Enter')
  await page.getByText('nothing you typed is lost').waitFor()
  await page.unroute('**/api/v1/sessions')
  expect(await composer.inputValue()).toBe('Keep these words')
  await composer.fill('')
  visit.problems.splice(0)
})

test('a session is found by what it needs and by words that were said in it; putting it away can be undone', async () => {
  await page.goto('/')
  const done = page.getByRole('region', { name: 'Done' })
  const link = done.getByRole('link', { name: 'Greet politely' })
  await link.waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('polite alr')
  await page.getByText(/^\d+ found/).waitFor()
  expect(await page.locator('mark').allTextContents()).toContain('polite')
  await page.getByLabel('Search in all sessions').fill('')
  await link.hover()
  await page.getByRole('button', { name: 'Archive “Greet politely”' }).click()
  await link.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await link.waitFor()
  expect(visit.problems).toEqual([])
})

test('a session that begins elsewhere appears in the list, because the server says so', async () => {
  const said = page.waitForEvent('websocket', (line) => line.url().endsWith('/sessions/stream'))
  await page.goto('/')
  const line = await said
  await page.getByRole('region', { name: 'Done' }).getByRole('link', { name: 'Greet politely' }).waitFor()
  const changed = line.waitForEvent('framereceived', ({ payload }) => String(payload) === '{"type":"changed"}')
  const model = await web.cli.script('elsewhere', [{ text: 'Done already.' }])
  await web.call('POST', '/sessions', { task: 'Begun elsewhere', repository: web.cli.repository, model, autonomy: 'auto' })
  await changed
  const link = page.getByRole('region', { name: 'Done' }).getByRole('link', { name: 'Begun elsewhere' })
  await link.waitFor()

  const tab = await visit.context.newPage()
  await tab.goto('/')
  await tab.getByRole('link', { name: 'Begun elsewhere' }).hover()
  await tab.getByRole('button', { name: 'Archive “Begun elsewhere”' }).click()
  await link.waitFor({ state: 'detached' })
  await tab.close()
  expect(visit.problems).toEqual([])
})

test('sessions stand under what they need, for one repository or all, page after page, and archived ones apart', async () => {
  await page.goto('/')
  const under = (name: string) => page.getByRole('region', { name, exact: true })
  await under('Needs you').getByRole('link', { name: 'Waits at the harbour' }).waitFor()
  await under('Needs you').getByText('Which quay shall it be?').waitFor()
  await under('Running').getByRole('link', { name: 'Runs at the harbour' }).waitFor()
  await under('In review').getByRole('link', { name: 'Reviewed at the harbour' }).waitFor()
  await under('In review').getByRole('link', { name: 'Change request 7' }).waitFor()
  const done = under('Done').locator('a[href^="/sessions/"]')
  await under('Done').getByRole('link', { name: 'Greet politely' }).waitFor()

  await page.getByRole('combobox', { name: 'Repository' }).selectOption('/srv/harbour')
  await under('Done').getByRole('link', { name: 'Greet politely' }).waitFor({ state: 'detached' })
  await under('Done')
    .getByRole('link', { name: `Harbour task ${TASKS}`, exact: true })
    .waitFor()
  await expect.poll(() => done.count()).toBe(30)
  await expect.poll(() => under('Needs you').getByRole('link').count()).toBe(1)
  const oldest = under('Done').getByRole('link', { name: 'The long watch' })
  expect(await oldest.count()).toBe(0)
  await done.last().scrollIntoViewIfNeeded()
  await oldest.waitFor()
  expect(await done.count()).toBe(TASKS + 1)
  expect(new Set(await done.allTextContents()).size).toBe(TASKS + 1)
  // The address keeps it.
  await page.reload()
  await under('Done')
    .getByRole('link', { name: `Harbour task ${TASKS}`, exact: true })
    .waitFor()
  expect(await under('Done').getByRole('link', { name: 'Greet politely' }).count()).toBe(0)

  const put = under('Done').getByRole('link', { name: 'Harbour task 20', exact: true })
  await put.hover()
  await page.getByRole('button', { name: 'Archive “Harbour task 20”' }).click()
  await put.waitFor({ state: 'detached' })
  await page.getByLabel('Archived').check()
  await put.waitFor()
  expect(await page.locator('main a[href^="/sessions/"]').count()).toBe(1)
  await put.hover()
  await page.getByRole('button', { name: 'Take “Harbour task 20” back' }).click()
  await page.getByText('No session matches').waitFor()
  await page.getByLabel('Archived').uncheck()
  await put.waitFor()
  await page.goto('/')
  expect(visit.problems).toEqual([])
})

const sought = (): Locator => page.getByRole('log').locator('[aria-current=location]')

/** What is marked in the conversation, when it is within what is seen of it. */
async function foundThere(): Promise<string> {
  if ((await sought().count()) === 0) return ''
  return sought()
    .first()
    .evaluate((row) => {
      const [seen, own] = [row.closest('[role=log]')!.getBoundingClientRect(), row.getBoundingClientRect()]
      return own.top >= seen.top && own.bottom <= seen.bottom ? (row as HTMLElement).innerText : ''
    })
}

test('what was found leads to its place in the conversation, also far back and from the palette, and a long list says that it is cut', async () => {
  await page.goto('/')
  const field = page.getByLabel('Search in all sessions')
  await field.fill('harbour')
  await page.getByText(/^\d+ found, and there are more; another word narrows them down$/).waitFor()
  await field.fill('gnomon')
  await page.getByText(/^1 found$/).waitFor()
  await page.getByRole('region', { name: 'Results' }).getByRole('link', { name: 'The long watch' }).click()
  await expect.poll(foundThere).toBe('Mend the gnomon first')
  expect(await page.getByRole('log').getByText('All of it was looked at.').count()).toBe(0)

  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Go somewhere').waitFor()
  const asked = new Set<string>()
  page.on('request', (request) => void (/\/search\?/.test(request.url()) && asked.add(request.url())))
  await page.keyboard.type('obsidian lan', { delay: 40 })
  const hit = page.getByRole('option', { name: /Hang the obsidian lantern/ })
  await hit.waitFor()
  // Not at every key; a machine that is busy may rest between some of them.
  expect(asked.size).toBeLessThan(5)
  // It stays while more is typed that it answers to.
  await page.keyboard.type('tern!')
  await hit.click()
  await expect.poll(foundThere).toBe('Hang the obsidian lantern')
  await page.goBack()
  await expect.poll(foundThere).toBe('Mend the gnomon first')
  await page.getByRole('button', { name: 'To the end' }).click()
  await page.getByRole('log').getByText('All of it was looked at.').waitFor()

  // The palette shows the first few and leads to the others, also from the page that lists them.
  for (const words of ['harbour', 'harbour t']) {
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Go somewhere').waitFor()
    await page.keyboard.type(words)
    await page.getByText(/^Said and done in sessions, 8 of \d+/).waitFor()
    await page.getByRole('option', { name: `Show all that was found for “${words}”` }).click()
    await expect.poll(() => field.inputValue()).toBe(words)
    await page.getByText(/^\d+ found/).waitFor()
  }
  // Its repository does not exist, so it has no files to show.
  expect(visit.problems.splice(0).filter((problem) => !problem.includes('404'))).toEqual([])
})

test('the sample that the guide began ends with a verified change', async () => {
  await page.goto(sample)
  await page.getByRole('log').getByRole('region', { name: 'How it ended' }).getByText('Done, and verified').waitFor({ timeout: 120_000 })
  expect(visit.problems).toEqual([])
}, 150_000)

test('everything is reached by keys alone: palette, shortcuts, help, pages', async () => {
  await page.goto('/settings')
  await page.getByRole('heading', { name: 'Profile' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Go somewhere').waitFor()
  await page.keyboard.type('greet pol')
  await page
    .getByRole('option', { name: /Greet politely/, selected: true })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/sessions\/[0-9a-z]+$/)
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('u')])
  await page.waitForURL('**/usage')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('h')
  await page.getByRole('dialog', { name: 'Help' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('n')
  await page.waitForURL('**/?focus=composer')
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('composer')
  expect(visit.problems).toEqual([])
})
