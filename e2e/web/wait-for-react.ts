import type { Page } from 'playwright-core'

/** As far as it is used here, so that tests without a browser's types can import this too. */
declare const document: { querySelectorAll(selector: string): Iterable<object>; isAtRest?: boolean }
declare const requestIdleCallback: (then: () => void, options: { timeout: number }) => void

/**
 * Makes `goto` and `reload` of this page wait until React has taken its buttons over and the page rests: a click or a key before
 * that does nothing, as the page's scripts have not run, or do not listen yet. With `waitUntil: 'commit'` they do not wait, for tests of just that moment.
 */
export function waitForReact(page: Page): void {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)]
  page.goto = async (url, options) => {
    const response = await goto(url, options)
    if (options?.waitUntil !== 'commit') await untilTakenOver(page)
    return response
  }
  page.reload = async (options) => {
    const response = await reload(options)
    await untilTakenOver(page)
    return response
  }
}

async function untilTakenOver(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const isOver = [...document.querySelectorAll('button')].every((button) =>
      Object.keys(button).some((key) => key.startsWith('__reactProps')),
    )
    if (!isOver || document.isAtRest !== undefined) return isOver && document.isAtRest
    // React listens for keys a moment after it has drawn.
    document.isAtRest = false
    requestIdleCallback(() => (document.isAtRest = true), { timeout: 2_000 })
    return false
  })
}
