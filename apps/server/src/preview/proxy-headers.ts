// What passes between a browser and the application under work, and what does not: nothing of Slipway's goes in, and
// nothing comes out that reaches beyond the preview's own origin.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { KEY_PREFIX } from '../auth/bearer-secret.ts'

/** The prefix ties it to this host, this scheme and no domain, whatever the application says. */
export const PREVIEW_COOKIE = '__Host-slipway-preview'

/** RFC 9110, 7.6.1, with what older proxies used. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])
const FROM_PROXIES = new Set(['forwarded', 'via', 'x-real-ip', 'expect'])
/** They reach beyond the one origin, or past the answer: framing is ours to rule, the rest is for whole sites. */
const TOO_FAR = new Set(['x-frame-options', 'strict-transport-security', 'clear-site-data', 'alt-svc', 'public-key-pins'])
/** Names of our own cookies, and of those that only look like them. */
const OURS = /^(__host-|__secure-|__http-|__host-http-)?slipway([.-]|$)/i

export interface PreviewPlace {
  /** Of the preview, as the browser sees it. */
  origin: string
  /** Inside the sandbox. */
  port: number
  framedBy: string | null
  /** Patterns of hosts that the page may reach besides its own: those that commands in the sandbox may. */
  hosts: readonly string[]
}

/** The application sees a request to `localhost`, which development servers accept, and is told in X-Forwarded-* where it really came in. */
export function headersInward(headers: IncomingHttpHeaders, place: PreviewPlace): OutgoingHttpHeaders {
  const passed: OutgoingHttpHeaders = {}
  const named = namedByConnection(headers.connection)
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.has(name) || FROM_PROXIES.has(name) || name.startsWith('x-forwarded-'))
      continue
    passed[name] = value
  }
  const { host, protocol } = new URL(place.origin)
  const inside = `http://localhost:${place.port}`
  passed['host'] = `localhost:${place.port}`
  passed['x-forwarded-host'] = host
  passed['x-forwarded-proto'] = protocol.slice(0, -1)
  setOrDrop(passed, 'cookie', cookiesInward(headers.cookie))
  setOrDrop(passed, 'authorization', isOurs(headers.authorization) ? null : (headers.authorization ?? null))
  if (headers.origin === place.origin) passed['origin'] = inside
  if (headers.referer?.startsWith(`${place.origin}/`)) passed['referer'] = inside + headers.referer.slice(place.origin.length)
  // Node sends a body without a length as it is; the other side could take it for a second request.
  if (headers['transfer-encoding'] !== undefined) passed['transfer-encoding'] = 'chunked'
  return passed
}

/** Everything else of the application's answer is its own affair. */
export function headersOutward(headers: IncomingHttpHeaders, place: PreviewPlace): OutgoingHttpHeaders {
  const passed: Record<string, string | string[]> = {}
  const named = namedByConnection(headers.connection)
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.has(name) || TOO_FAR.has(name)) continue
    passed[name] = value
  }
  setOrDrop(passed, 'set-cookie', cookiesOutward(headers['set-cookie']))
  if (headers.location !== undefined) passed['location'] = locationOutward(headers.location, place)
  const own = policiesOf(headers['content-security-policy'], place)
  passed['content-security-policy'] = [...own, networkPolicy(place), framePolicy(place.framedBy)]
  // A name that is looked up can carry words out as well.
  passed['x-dns-prefetch-control'] = 'off'
  passed['x-robots-tag'] = 'noindex'
  return passed
}

/** A browser has a network where the sandbox has none: what the agent wrote must not send through it what it may not send itself. */
function networkPolicy({ origin, hosts }: PreviewPlace): string {
  const reached = ["'self'", origin.replace(/^http/, 'ws'), ...hosts].join(' ')
  return `default-src ${reached} data: blob: 'unsafe-inline' 'unsafe-eval'; form-action ${reached}; base-uri 'self'`
}

/** Only the page that opened the preview may frame it. */
export function framePolicy(framedBy: string | null): string {
  return `frame-ancestors ${framedBy ?? "'none'"}`
}

/** The value of the preview's own cookie. */
export function readPreviewCookie(cookies: string | undefined): string | null {
  const found = pairsOf(cookies).find(([name]) => name === PREVIEW_COOKIE)
  return found?.[1] ?? null
}

/** In a frame of another site a browser keeps a cookie only with all of these; Partitioned keeps it from every other site. */
export const COOKIE_ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned'

function namedByConnection(connection: string | undefined): Set<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
}

function setOrDrop(headers: OutgoingHttpHeaders, name: string, value: string | string[] | null): void {
  if (value === null || value.length === 0) delete headers[name]
  else headers[name] = value
}

function pairsOf(cookies: string | undefined): [string, string][] {
  return (cookies ?? '').split(';').flatMap((pair): [string, string][] => {
    const [name = '', ...value] = pair.trim().split('=')
    return pair.trim() === '' ? [] : [[name, value.join('=')]]
  })
}

function cookiesInward(cookies: string | undefined): string | null {
  const kept = pairsOf(cookies).filter(([name]) => !OURS.test(name.trim()))
  return kept.length === 0 ? null : kept.map(([name, value]) => `${name}=${value}`).join('; ')
}

function isOurs(authorization: string | undefined): boolean {
  const [, value = ''] = (authorization ?? '').trim().split(/\s+/)
  return value.startsWith(KEY_PREFIX)
}

function cookiesOutward(cookies: string[] | undefined): string[] {
  return (cookies ?? []).flatMap((cookie) => {
    const [pair = '', ...attributes] = cookie.split(';')
    const [name = ''] = pair.split('=')
    if (OURS.test(name.trim())) return []
    const kept = attributes.filter((attribute) => !/^\s*(domain|samesite|secure|partitioned)\s*(=|$)/i.test(attribute))
    return [[pair, ...kept, ' Secure', ' SameSite=None', ' Partitioned'].join(';')]
  })
}

/** An application that believes to be at localhost redirects there. */
function locationOutward(location: string, { origin, port }: PreviewPlace): string {
  const itself = new RegExp(
    `^https?://(localhost|127\\.0\\.0\\.1|0\\.0\\.0\\.0|\\[::1?\\])${port === 80 ? '(:80)?' : `:${port}`}(?=[/?#]|$)`,
    'i',
  )
  return location.replace(itself, origin)
}

function policiesOf(given: string | string[] | undefined, { origin }: PreviewPlace): string[] {
  return [given ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .map((policy) =>
      policy
        .split(';')
        .filter((directive) => !/^\s*frame-ancestors\b/i.test(directive))
        // Over plain http there is nothing to upgrade to.
        .filter((directive) => origin.startsWith('https:') || !/^\s*upgrade-insecure-requests\b/i.test(directive))
        .join(';')
        .trim(),
    )
    .filter((policy) => policy !== '')
}
