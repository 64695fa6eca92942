// A command that prints 1,000 lines a second, in the session page while somebody types, and in a bare page.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Figure } from '../figure.ts'
import { spread, tell, type Spread } from '../measure.ts'
import { openBarePage, probe, type WebBench } from './web-bench.ts'

const LINES = 10_000
const KEY_EVERY_MS = 100
/** A hundred lines, ten times a second. */
const COMMAND = `for i in $(seq 1 ${LINES / 100}); do seq -f 'line %06.0f of a loud program' $((i*100-99)) $((i*100)); sleep 0.095; done`

interface Watched {
  lines: number
  keys: Spread
  /** From the log's last word until the page shows it. */
  ranMs: number
}

export async function measureTerminal(bench: WebBench): Promise<Figure[]> {
  const bare = await inBarePage(bench)
  const ours = await inSessionPage(bench)
  const rate = Math.round(LINES / (ours.ranMs / 1_000))
  return [
    {
      name: `terminal, ${LINES.toLocaleString('en')} lines at 1,000 a second: shown`,
      unit: '%',
      value: (ours.lines / LINES) * 100,
      baseline: { name: 'the same stream in a bare page', value: (bare.lines / LINES) * 100 },
      goal: 100,
      note: `${LINES - ours.lines} lines are missing; ${rate} lines a second came`,
    },
    {
      name: 'typing while it prints: key to screen, p95',
      unit: 'ms',
      value: ours.keys.p95,
      baseline: { name: 'the same stream in a bare page', value: bare.keys.p95 },
      goal: 100,
      note: tell(ours.keys),
    },
  ]
}

async function inSessionPage(bench: WebBench): Promise<Watched> {
  const page = await bench.visit.context.newPage()
  const sessionId = await startLoud(bench)
  await page.goto(`/sessions/${sessionId}`)
  await page.getByRole('tab', { name: 'Terminal' }).click()
  await page.locator('[role=log]').getByText('Ready.').first().waitFor()
  const { keys, ranMs } = await runAndType(bench, page, sessionId)
  await page.locator('.xterm-rows').getByText('exit code 0').waitFor({ timeout: 60_000 })
  const lines = await linesInTerminal(page)
  await page.close()
  return { lines, keys, ranMs }
}

async function inBarePage(bench: WebBench): Promise<Watched> {
  const page = await openBarePage(bench)
  const sessionId = await startLoud(bench)
  await probe(page, 'followBare', sessionId, 'output')
  const { keys, ranMs } = await runAndType(bench, page, sessionId)
  const lines = numbersIn(await probe<string>(page, 'bareText')).size
  await page.close()
  return { lines, keys, ranMs }
}

/** A session whose first turn is over, so that a page can be there before the command begins. */
async function startLoud({ place, server }: WebBench): Promise<string> {
  const path = join(place.folder, 'loud.json')
  const loud = { text: 'It begins.', tool_calls: [{ name: 'bash', input: { command: COMMAND } }] }
  await writeFile(path, JSON.stringify({ name: 'loud', steps: [{ text: 'Ready.' }, loud, { text: 'It is over.' }] }))
  const sessionId = await server.start({ model: `scripted/${path}` })
  await server.watch(sessionId, ({ event }) => event?.body.type === 'session-finished')
  return sessionId
}

async function runAndType({ server }: WebBench, page: Page, sessionId: string): Promise<{ keys: Spread; ranMs: number }> {
  let isOver = false
  let startedAtMs = Number.NaN
  let ranMs = Number.NaN
  const watched = server.watch(sessionId, ({ event }) => {
    if (event?.body.type === 'tool-started') startedAtMs = performance.now()
    if (event?.body.type !== 'tool-finished') return false
    ranMs = performance.now() - startedAtMs
    isOver = true
    return true
  })
  await server.call('POST', `/sessions/${sessionId}/messages`, { text: 'Begin' })
  await probe(page, 'watchKeys')
  await page.getByRole('textbox', { name: 'Message to the agent' }).focus()
  for (let key = 0; !isOver; key += 1) {
    await page.keyboard.press('abcdefghij '[key % 11] ?? 'a')
    await page.waitForTimeout(KEY_EVERY_MS)
  }
  await watched
  return { keys: spread(await probe<number[]>(page, 'inputs')), ranMs }
}

/** Reads the terminal from its first screen to its last, as somebody would who pages through it. */
async function linesInTerminal(page: Page): Promise<number> {
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.press('Home')
  const seen = new Set<string>()
  for (let before = ''; ; ) {
    const lines = await probe<string[]>(page, 'terminalLines')
    const screen = lines.join('\n')
    if (screen === before) return seen.size
    for (const number of numbersIn(screen)) seen.add(number)
    before = screen
    await page.keyboard.press('PageDown')
  }
}

function numbersIn(text: string): Set<string> {
  return new Set([...text.replaceAll('\u00a0', ' ').matchAll(/line (\d{6}) of a loud program/g)].map(([, number = '']) => number))
}
