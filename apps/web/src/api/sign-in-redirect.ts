// Where somebody goes who has to sign in, and the way back.

const OPEN_PAGES = ['/sign-in', '/shared/', '/welcome']

/** All requests of a page are refused alike, and a second way there would break off the first. */
let isLeaving = false

/** Leaves for the sign-in page, which leads back here; pages that are open to everybody stay. */
export function goToSignIn(): void {
  const { pathname, search, hash } = window.location
  if (OPEN_PAGES.some((page) => pathname.startsWith(page))) return
  if (isLeaving) return
  isLeaving = true
  // On the way back the browser may show this very page again.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) isLeaving = false
  })
  const here = pathname + search + hash
  window.location.assign(here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`)
}
