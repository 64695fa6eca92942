// Where somebody goes who has to sign in, and the way back.

const OPEN_PAGES = ['/sign-in', '/shared/', '/welcome']

/** Leaves for the sign-in page, which leads back here; pages that are open to everybody stay. */
export function goToSignIn(): void {
  const { pathname, search, hash } = window.location
  if (OPEN_PAGES.some((page) => pathname.startsWith(page))) return
  const here = pathname + search + hash
  window.location.assign(here === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(here)}`)
}
