// What the measurements of the web application share.

import type { Browser, Page } from 'playwright-core'
import { startVisit, type Visit } from '../../e2e/web/browser.ts'
import type { BenchHome } from '../parts/bench-home.ts'
import type { ServerProcess } from '../parts/server-process.ts'
import type { StampingModel } from '../parts/stamping-model.ts'

export interface WebBench {
  place: BenchHome
  model: StampingModel
  /** Of the model that stamps its text. */
  modelName: string
  server: ServerProcess
  /** Signed in; see `addProbe`. */
  visit: Visit
}

/** An address that shows a few words and runs no script: the least that this server can show. */
export const BARE_PAGE = '/health'

/** Pages that are opened from now on can be asked by `probe` (parts/page-probe.js). */
export async function addProbe(visit: Visit): Promise<void> {
  await visit.context.addInitScript({ path: new URL('../parts/page-probe.js', import.meta.url).pathname })
}

/** A bare page that may talk to the server, although that page's own policy forbids it. */
export async function openBarePage({ visit, server }: WebBench): Promise<Page> {
  const bare = await startVisit(browserOf(visit), server.url, {})
  // A browser of its own: of two pages in one, the one behind has its timers held back.
  await bare.context.addCookies(await visit.context.cookies())
  await addProbe(bare)
  const { page } = bare
  const tools = await bare.context.newCDPSession(page)
  await tools.send('Page.setBypassCSP', { enabled: true })
  await page.goto(BARE_PAGE)
  return page
}

function browserOf({ context }: Visit): Browser {
  const browser = context.browser()
  if (browser === null) throw new Error('the browser is gone')
  return browser
}

/** Asks the probe inside a page. */
export function probe<Answer>(page: Page, question: string, ...values: (string | number)[]): Promise<Answer> {
  return page.evaluate(`probe.${question}(${values.map((value) => JSON.stringify(value)).join(', ')})`)
}
