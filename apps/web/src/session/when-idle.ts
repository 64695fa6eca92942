/** Longer, and a key that is pressed meanwhile is shown late. */
const MOST_MS = 8
/** Where the page is never idle, so much is done this often: somebody may be waiting for it. */
const LEAST_MS = 2
const LATEST_MS = 30

/**
 * Resolves when the page has nothing to draw or to answer, with the time (of `performance.now`) until which work may go on; in a
 * page that nobody sees, where browsers call once a second, at once.
 */
export function whenIdle(): Promise<number> {
  return new Promise((resolve) => {
    const go = (ms: number): void => resolve(performance.now() + ms)
    if (globalThis.document?.hidden) go(MOST_MS)
    // Safari has no idle callbacks.
    else if (typeof requestIdleCallback === 'undefined') setTimeout(go, 0, LEAST_MS)
    else requestIdleCallback((deadline) => go(Math.min(MOST_MS, Math.max(LEAST_MS, deadline.timeRemaining()))), { timeout: LATEST_MS })
  })
}
