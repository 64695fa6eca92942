// Who may speak to the API: somebody on this machine who can read the token file, and no web page.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import { localPerson, type Person } from '../auth/person.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { isSameToken } from './api-token.ts'
import { ruleOnSite } from './same-site.ts'

/** The WebSocket protocol that is agreed on; the token may come beside it as `bearer.<token>`. */
export const STREAM_PROTOCOL = 'slipway'

declare module 'fastify' {
  interface FastifyRequest {
    /** null on paths that are open to everybody. */
    person: Person | null
  }
}

export interface GuardOptions {
  token: string
  tokenPath: string
  publicUrl: URL | null
}

/** Refuses before the body is read. Paths outside the API need no token, but the same Host and Origin. */
export function guard(app: FastifyInstance, { token, tokenPath, publicUrl }: GuardOptions): void {
  app.decorateRequest('person', null)
  app.addHook('onRequest', async (request) => {
    const { host, origin, 'sec-fetch-site': fetchSite } = request.headers
    const ruling = ruleOnSite({ host, origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined }, publicUrl)
    if (!ruling.ok) throw new SlipwayError('forbidden', ruling.reason)
    if (isOpen(request)) return
    if (!isSameToken(tokenOf(request), token)) {
      throw new SlipwayError('unauthorized', `Send the token from ${tokenPath} as \`Authorization: Bearer <token>\`.`)
    }
    request.person = localPerson
  })
}

/** Who asks. A route that everybody may call has nobody to ask for. */
export function personOf(request: FastifyRequest): Person {
  if (request.person === null) throw new Error(`${request.routeOptions.url} was answered without a person.`)
  return request.person
}

const OPEN_PATHS = new Set(['/health', '/readiness', '/metrics'])

// By the route that was matched, not by the text of the address: an encoded or doubled slash opens nothing.
function isOpen(request: FastifyRequest): boolean {
  return OPEN_PATHS.has(request.routeOptions.url ?? '')
}

function tokenOf(request: FastifyRequest): string {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme.toLowerCase() === 'bearer') return value
  const offered = request.headers['sec-websocket-protocol'] ?? ''
  const bearer = offered
    .split(',')
    .map((name) => name.trim())
    .find((name) => name.startsWith('bearer.'))
  return bearer?.slice('bearer.'.length) ?? ''
}
