// What axe finds serious or critical on the pages around sessions, in both themes and on a narrow screen: nothing.

import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWeb, type Visit, type Web } from './browser.ts'

let web: Web
beforeAll(async () => {
  web = await openWeb()
  const model = await web.cli.script('quick', [{ text: 'Nothing to change.' }])
  await web.call('POST', '/sessions', { task: 'Look around', repository: web.cli.repository, model, autonomy: 'auto' })
}, 120_000)
afterAll(() => web.close())

interface Finding {
  id: string
  impact: string | null
  nodes: { target: string[]; html: string }[]
}

/** Evaluated through the protocol, which the page's policy does not bind. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const inPage = window as unknown as { axe: { run(): Promise<{ violations: Finding[] }> } }
    return (await inPage.axe.run()).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 200)}`))
}

describe.each([
  ['light', 1440],
  ['dark', 360],
] as const)('in the %s theme, %i px wide', (theme, width) => {
  let visit: Visit
  beforeAll(async () => {
    visit = await web.visit({ as: 'ada@example.org', theme, width })
  })
  test.each([
    ['/', 'Look around'],
    ['/sign-in', 'E-mail address'],
    ['/welcome', 'Pick a model'],
    ['/settings#profile', 'Signed-in browsers'],
    ['/settings#models', 'Providers'],
    ['/settings#sandbox', 'This machine'],
    ['/settings#budgets', 'Your limits'],
    ['/settings#keys', 'Your keys'],
    ['/settings#notifications', 'In this browser'],
    ['/settings#appearance', 'Theme'],
  ])('%s', async (address, text) => {
    await visit.page.goto('/nowhere')
    await visit.page.goto(address)
    await visit.page.getByText(text).first().waitFor()
    expect(await seriousFindings(visit.page)).toEqual([])
    expect(await visit.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  })

  test.each([
    ['the palette', 'Control+k', 'New session'],
    ['the shortcuts', '?', 'Search everywhere'],
    ['the help', 'h', 'What happens when'],
  ])('%s', async (_, key, text) => {
    await visit.page.goto('/settings')
    await visit.page.getByText('Signed-in browsers').waitFor()
    await visit.page.keyboard.press(key)
    await visit.page.getByRole('dialog').getByText(text).first().waitFor()
    expect(await seriousFindings(visit.page)).toEqual([])
  })
})
