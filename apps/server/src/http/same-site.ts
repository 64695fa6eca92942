// Keeps web pages out of an API that listens on loopback: the Host header must name this machine (a rebound DNS name
// does not), and a request that carries an Origin must come from our own pages.

export type SiteRuling = { ok: true } | { ok: false; reason: string }

export interface SiteHeaders {
  host: string | undefined
  origin: string | undefined
  /** `sec-fetch-site`: browsers set it, pages cannot. */
  fetchSite: string | undefined
  /** Somebody follows a link to a page that is open to everybody: such a visit may begin anywhere. */
  isVisit?: boolean
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Rules on one request; `publicUrl` is the address that an operator has set for browsers, if any. */
export function ruleOnSite(headers: SiteHeaders, publicUrl: URL | null): SiteRuling {
  const host = headers.host?.toLowerCase()
  if (host === undefined || !isOurHost(host, publicUrl)) {
    return { ok: false, reason: 'This Host is not answered here. Use http://127.0.0.1 or the address in SLIPWAY_PUBLIC_URL.' }
  }
  if (headers.origin !== undefined && !isOurOrigin(headers.origin, host, publicUrl)) {
    return { ok: false, reason: 'Requests from other web pages are refused.' }
  }
  // A sister of our host name, such as a preview's, is no page of ours. What it may send carries an Origin, which was ruled on.
  const isOthers = headers.fetchSite === 'cross-site' || (headers.fetchSite === 'same-site' && headers.origin === undefined)
  if (isOthers && headers.isVisit !== true) return { ok: false, reason: 'Requests from other web pages are refused.' }
  return { ok: true }
}

function isOurHost(host: string, publicUrl: URL | null): boolean {
  return LOOPBACK.test(host) || host === publicUrl?.host
}

function isOurOrigin(origin: string, host: string, publicUrl: URL | null): boolean {
  const given = origin.toLowerCase()
  if (publicUrl !== null && given === publicUrl.origin) return true
  return LOOPBACK.test(host) && given === `http://${host}`
}
