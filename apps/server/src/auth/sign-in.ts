// Signing in with the sign-in library, opened when somebody first does. Only what is called here is reachable: the
// library's own routes are not mounted.

import type { Logger } from 'pino'
import type { Queryable } from '@slipway/store/person-store'
import type { Store } from '@slipway/store/store'
import { SlipwayError } from '../errors/slipway-error.ts'
import { lazily } from '../runtime/lazily.ts'
import type { Settings } from '../settings.ts'
import type { Audit } from './audit.ts'
import type { People } from './people.ts'
import { mayJoin, type SignUpRule } from './sign-up-rule.ts'

export interface SignIn {
  /** A token for a link; whoever follows it within ten minutes is this address. */
  makeLinkToken(from: Caller, email: string): Promise<string>
  followLink(from: Caller, token: string): Promise<Landing>
  /** Where to send somebody who signs in with Google. Throws `not-ready` when Google does not answer. */
  beginGoogle(from: Caller, next: string): Promise<{ url: string; cookies: string[] }>
  finishGoogle(from: Caller, query: string): Promise<Landing & { next: string | null }>
  signOut(from: Caller): Promise<{ cookies: string[] }>
  /** Cookies that make a session last from now on, when it is time for that. */
  refresh(from: Caller): Promise<string[]>
}

/** What a request says about where it comes from. */
export interface Caller {
  host: string
  /** Of the connection. */
  address: string
  cookies: string | undefined
  origin: string | undefined
  userAgent: string | undefined
}

export type Landing = { ok: true; cookies: string[] } | { ok: false; reason: 'link-used' | 'not-invited' | 'google'; cookies: string[] }

export interface SignInNeeds {
  database: Store['database']
  people: People
  audit: Audit
  rule: SignUpRule
  google: Settings['signIn']['google']
  publicUrl: URL | null
  cookieKey: string
  logger: Logger
}

export function openSignIn(needs: SignInNeeds): SignIn {
  const library = lazily(async () => (await import('./open-library.ts')).openLibrary(needs, { allows, joined }))

  async function allows(email: string, name: string): Promise<boolean> {
    const person = await needs.people.admit({ email, name, mayJoin: mayJoin(needs.rule, email) })
    if (person === null) await needs.audit.record({ actorId: null, action: 'sign-in-refused', subject: email.toLowerCase(), details: {} })
    return person !== null
  }

  async function joined(email: string, details: { address: string; userAgent: string }): Promise<void> {
    await forgetExpired(needs.database.pool)
    const person = (await needs.people.list()).find((one) => one.email === email.toLowerCase())
    await needs.audit.record({ actorId: person?.id ?? null, action: 'signed-in', subject: email.toLowerCase(), details })
  }

  async function ask(from: Caller, method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    const origin = `${needs.publicUrl?.host === from.host ? needs.publicUrl.protocol : 'http:'}//${from.host}`
    const headers = new Headers({ host: from.host, 'x-slipway-address': from.address, origin })
    if (from.cookies !== undefined) headers.set('cookie', from.cookies)
    if (from.userAgent !== undefined) headers.set('user-agent', from.userAgent.slice(0, 300))
    if (body !== undefined) headers.set('content-type', 'application/json')
    const request = new Request(`${origin}/api/auth${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return (await library.get()).handler(request)
  }

  return {
    async makeLinkToken(from, email) {
      const { handler: _, takeToken } = await library.get()
      const ticket = crypto.randomUUID()
      const answer = await ask(from, 'POST', '/sign-in/magic-link', { email, metadata: { ticket } })
      const token = takeToken(ticket)
      if (!answer.ok || token === null) throw new Error(`no link was made: ${answer.status}`)
      return token
    },
    async followLink(from, token) {
      const query = new URLSearchParams({ token, callbackURL: '/', errorCallbackURL: '/' })
      const answer = await ask(from, 'GET', `/magic-link/verify?${query}`)
      const cookies = answer.headers.getSetCookie()
      const error = errorOf(answer)
      if (error === null) return { ok: true, cookies }
      return { ok: false, reason: error === 'INVALID_TOKEN' ? 'link-used' : 'not-invited', cookies }
    },
    async beginGoogle(from, next) {
      const answer = await withGoogle(() =>
        ask(from, 'POST', '/sign-in/social', { provider: 'google', callbackURL: next, errorCallbackURL: '/', disableRedirect: true }),
      )
      const { url } = (await answer.json()) as { url?: string }
      if (!answer.ok || url === undefined) throw new SlipwayError('not-ready', 'Google does not answer. Try again, or sign in by e-mail.')
      return { url, cookies: answer.headers.getSetCookie() }
    },
    async finishGoogle(from, query) {
      const answer = await ask(from, 'GET', `/callback/google?${query}`)
      const cookies = answer.headers.getSetCookie()
      const error = errorOf(answer)
      if (error === null) return { ok: true, cookies, next: pathOf(answer) }
      needs.logger.warn({ error }, 'sign-in with Google failed')
      return {
        ok: false,
        reason: error === 'NOT_INVITED' || error === 'unable_to_create_session' ? 'not-invited' : 'google',
        cookies,
        next: null,
      }
    },
    async signOut(from) {
      return { cookies: (await ask(from, 'POST', '/sign-out', {})).headers.getSetCookie() }
    },
    async refresh(from) {
      return (await ask(from, 'GET', '/get-session')).headers.getSetCookie()
    },
  }

  /** The library looks for Google's addresses once, when it is opened; it is opened again when they were not to be had. */
  async function withGoogle(work: () => Promise<Response>): Promise<Response> {
    const opened = await library.get()
    if (!(await opened.hasGoogle())) library.forget()
    return work()
  }
}

/** What can let nobody in any more. */
async function forgetExpired(pool: Queryable): Promise<void> {
  await pool.query('delete from auth.session where "expiresAt" < clock_timestamp()')
  await pool.query('delete from auth.verification where "expiresAt" < clock_timestamp()')
}

/** What went wrong, when the library sends somebody away with an error. */
function errorOf(answer: Response): string | null {
  const location = answer.headers.get('location')
  if (location === null) return answer.ok ? null : `status ${answer.status}`
  return new URL(location, 'http://x.invalid').searchParams.get('error')
}

function pathOf(answer: Response): string | null {
  const location = answer.headers.get('location')
  if (location === null) return null
  const { pathname, search, hash } = new URL(location, 'http://x.invalid')
  return pathname + search + hash
}
