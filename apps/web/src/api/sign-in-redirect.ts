// Where somebody goes who has to sign in, and the way back.

import { ApiProblem } from './problem.ts'

const OPEN_PAGES = ['/sign-in', '/shared/', '/welcome']

/** All requests of a page are refused alike, and a second way there would break off the first. */
let isLeaving = false

/** How many requests are under way that sign this browser out. */
let endings = 0

/** Leaves for the sign-in page, which leads back here; pages that are open to everybody stay. */
export function goToSignIn(): void {
  const { pathname, search, hash } = window.location
  if (OPEN_PAGES.some((page) => pathname.startsWith(page))) return
  if (endings > 0) return
  const here = pathname + search + hash
  leaveFor(here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`)
}

/**
 * Signs out by `end`, then leaves for the sign-in page without a way back. The whole page is loaded anew, so nothing of the
 * person stays in memory. When `end` rejects, so does this, and the page stays, unless nobody was signed in any more.
 */
export async function leaveAfter(end: () => Promise<unknown>): Promise<void> {
  endings++
  try {
    await end()
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 401) throw error
  } finally {
    endings--
  }
  leaveFor('/sign-in')
}

function leaveFor(address: string): void {
  if (isLeaving) return
  isLeaving = true
  // On the way back the browser may show this very page again.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) isLeaving = false
  })
  window.location.assign(address)
}
