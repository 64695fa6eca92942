// A session of 10,000 events: it opens at its end, holds few rows in the page, and leads whoever scrolls back to its beginning.

import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeLongSessions } from '../../bench/parts/write-long-session.ts'
import { openWeb, type Visit, type Web } from './browser.ts'

const EVENTS = 10_000
/** What is seen and a screen before and after it; far fewer than the thousands there are. */
const MOST_ROWS = 150

let web: Web
let visit: Visit
let id: string
beforeAll(async () => {
  web = await openWeb()
  visit = await web.visit({ as: 'ada@example.org' })
  id = (await writeLongSessions(web.cli.home, [EVENTS]))[0] ?? ''
}, 300_000)
afterAll(() => web.close())

const seqs = (): Promise<number[]> =>
  visit.page
    .getByRole('log')
    .evaluate((log) => [...log.querySelectorAll<HTMLElement>('[data-seq]')].map(({ dataset }) => Number(dataset.seq)))

test('it opens at its end with one page of events', async () => {
  const { page } = visit
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/events?')) asked.push(new URL(request.url()).search)
  })
  await page.goto(`/sessions/${id}`)
  await page.getByRole('log').getByText('All of it was looked at.').waitFor()
  expect(asked).toEqual(['?before=2147483647&limit=200'])
  const shown = await seqs()
  expect(shown.at(-1)).toBe(EVENTS)
  expect(shown.length).toBeLessThan(MOST_ROWS)
})

test('a click counts also while the list scrolls, as it does by itself whenever something comes in', async () => {
  const { page } = visit
  const log = page.getByRole('log')
  const step = log.locator('button[aria-expanded]').last()
  const box = await step.boundingBox()
  if (box === null) throw new Error('the last step is not shown')
  // To and fro with each frame, by less than the step is high.
  await log.evaluate((element) => {
    let by = -2
    const move = (): void => {
      element.scrollBy({ top: by, behavior: 'instant' })
      by = -by
      if (element.dataset['moves'] !== 'no') requestAnimationFrame(move)
    }
    return new Promise<void>((resolve) => {
      element.addEventListener('scroll', () => resolve(), { once: true })
      move()
    })
  })
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect.poll(() => step.getAttribute('aria-expanded')).toBe('true')
  await log.evaluate((element) => (element.dataset['moves'] = 'no'))
  await step.press('Enter')
  await expect.poll(() => step.getAttribute('aria-expanded')).toBe('false')
})

test('what came before is there long before its place is seen, and nothing that is seen moves when it comes', async () => {
  const { page } = visit
  const log = page.getByRole('log')
  const isSeen = Promise.withResolvers<void>()
  await page.route('**/events?before=*', async (route) => {
    await isSeen.promise
    await route.continue()
  })
  const { top } = await lookAt(log)
  await log.hover()
  await page.mouse.wheel(0, -300)
  await expect.poll(async () => (await lookAt(log)).top).toBe(top - 300)
  const before = await lookAt(log)
  // Far from the first row of the page that was there.
  expect(before.top).toBeGreaterThan(900)
  isSeen.resolve()
  await expect.poll(async () => (await lookAt(log)).height).toBeGreaterThan(before.height + 10_000)
  const after = await lookAt(log)
  expect(after.height - after.top).toBe(before.height - before.top)
  expect(after.rows).toEqual(before.rows)
  await page.unroute('**/events?before=*')
})

test('scrolling back brings what came before, in order, nothing twice, and few rows at a time', async () => {
  const { page } = visit
  const log = page.getByRole('log')
  const wrong: number[][] = []
  let mostRows = 0
  await expect
    .poll(
      async () => {
        const shown = await seqs()
        const parts = [...(await log.innerText()).matchAll(/-- part-(\d+)/g)].map(([, part]) => Number(part))
        // An answer and its calls may begin with the same event; a command stands there once.
        if (!isAscending(parts) || shown.some((seq, at) => seq < (shown[at - 1] ?? 0))) wrong.push(shown)
        mostRows = Math.max(mostRows, shown.length)
        await log.evaluate((element) => element.scrollBy({ top: -20 * element.clientHeight }))
        return shown[0]
      },
      { timeout: 100_000, interval: 30 },
    )
    .toBe(1)
  expect(wrong).toEqual([])
  expect(mostRows).toBeLessThan(MOST_ROWS)
  await page.getByRole('button', { name: 'To the end' }).click()
  await expect.poll(async () => (await seqs()).at(-1)).toBe(EVENTS)
})

/** How far the conversation is scrolled, and where the rows stand that are seen. */
function lookAt(log: Locator): Promise<{ top: number; height: number; rows: (readonly [string | undefined, number])[] }> {
  return log.evaluate((element) => {
    const rows = [...element.querySelectorAll<HTMLElement>('[data-seq]')]
      .map((row) => [row.dataset['seq'], row.getBoundingClientRect().top] as const)
      .filter(([, top]) => top > 0 && top < element.clientHeight)
    return { top: element.scrollTop, height: element.scrollHeight, rows }
  })
}

function isAscending(numbers: number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
}
