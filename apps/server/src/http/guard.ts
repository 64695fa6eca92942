// Who may speak to the API: people who prove who they are, in the role that the route asks for, and no other web page.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Credential, Identify } from '../auth/identify.ts'
import type { Person } from '../auth/person.ts'
import type { Caller } from '../contract/route.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { ruleOnSite } from './same-site.ts'

/** The WebSocket protocol that is agreed on; the token may come beside it as `bearer.<token>`. */
export const STREAM_PROTOCOL = 'slipway'

declare module 'fastify' {
  interface FastifyRequest {
    /** null on paths that are open to everybody. */
    person: Person | null
    /** What let the person in; null where nobody can take it away. */
    credential: Credential | null
  }
  interface FastifyContextConfig {
    /** Left out: signed-in to read, member to do anything else. */
    who?: Caller
    /** Servers deliver here and prove themselves by a signature; no browser ever has a reason to. */
    isForServers?: boolean
  }
}

export interface GuardOptions {
  identify: Identify
  publicUrl: URL | null
}

/** Refuses before the body is read. Paths open to everybody need no person, but the same Host and Origin. */
export function guard(app: FastifyInstance, { identify, publicUrl }: GuardOptions): void {
  app.decorateRequest('person', null)
  app.decorateRequest('credential', null)
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.isForServers) return
    const who = callerOf(request)
    const { host, origin, 'sec-fetch-site': site } = request.headers
    const isVisit = who === 'everybody' && isNavigation(request)
    const ruling = ruleOnSite({ host, origin, fetchSite: typeof site === 'string' ? site : undefined, isVisit }, publicUrl)
    if (!ruling.ok) throw new SlipwayError('forbidden', ruling.reason)
    if (who === 'everybody') return
    const found = await identify({ bearer: bearerOf(request), cookies: request.headers.cookie })
    if (found === null) throw new SlipwayError('unauthorized', 'Sign in, or send a key of yours as `Authorization: Bearer <key>`.')
    if (found.person.via === 'cookie' && !isHarmless(request)) requireOrigin(request)
    refuseRole(found.person, who)
    request.person = found.person
    request.credential = found.credential
  })
}

/** Who asks. A route that everybody may call has nobody to ask for. */
export function personOf(request: FastifyRequest): Person {
  if (request.person === null) throw new Error(`${request.routeOptions.url} was answered without a person.`)
  return request.person
}

// By the route that was matched, not by the text of the address: an encoded or doubled slash opens nothing.
function callerOf(request: FastifyRequest): Caller {
  const { url, config } = request.routeOptions
  // Where nothing answers, somebody who is signed in is told so.
  if (url === undefined) return 'signed-in'
  return config.who ?? (isRead(request) ? 'signed-in' : 'member')
}

function isRead({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** A browser adds a cookie to what another page sends too. A WebSocket reads more than its one request. */
function isHarmless(request: FastifyRequest): boolean {
  return isRead(request) && request.headers.upgrade === undefined
}

function requireOrigin(request: FastifyRequest): void {
  if (request.headers.origin !== undefined) return
  throw new SlipwayError('forbidden', 'With a cookie, a request that changes something or opens a stream must carry an Origin.')
}

function isNavigation(request: FastifyRequest): boolean {
  const { 'sec-fetch-mode': mode, 'sec-fetch-dest': destination, origin } = request.headers
  return request.method === 'GET' && mode === 'navigate' && destination === 'document' && origin === undefined
}

function refuseRole({ role }: Person, who: Caller): void {
  if (who === 'administrator' && role !== 'administrator')
    throw new SlipwayError('forbidden', 'Only an administrator may do this. Ask one of yours.')
  if (who === 'member' && role === 'viewer')
    throw new SlipwayError('forbidden', 'You may look, but not change anything. Ask an administrator for the role of a member.')
}

function bearerOf(request: FastifyRequest): string {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ')
  // A wrong scheme is a wrong credential, not none.
  if (scheme !== '') return scheme.toLowerCase() === 'bearer' && value !== '' ? value : scheme
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  const bearer = offered
    .split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith('bearer.'))
  return bearer?.slice('bearer.'.length) ?? ''
}
