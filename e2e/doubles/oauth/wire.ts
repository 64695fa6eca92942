// What the double's wires are given and give back.

import type { DoublePerson, Grants } from './grants.ts'

export interface WireRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: Record<string, string | undefined>
  body: Record<string, unknown>
  /** Of `Authorization: Bearer`, or ''. */
  bearer: string
  /** Of `Authorization: Basic`. */
  basic: [string, string]
}

export interface WireAnswer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export interface WireContext {
  grants: Grants
  /** Who sits at the browser that is sent here. */
  person(): DoublePerson
  /** What the person says to the question. */
  consents(): boolean
  url: string
}

/** null: there is nothing at this address. */
export type Wire = (request: WireRequest, context: WireContext) => WireAnswer | null

export function authorize(
  { query }: WireRequest,
  { grants, person, consents }: WireContext,
  extra: { redirect?: string; scopes?: string[]; back?: Record<string, string> } = {},
): WireAnswer {
  const redirect = extra.redirect ?? query.get('redirect_uri') ?? ''
  if (!grants.mayRedirectTo(redirect)) return { status: 400, body: 'The redirect address is not registered.' }
  const back = new URL(redirect)
  back.searchParams.set('state', query.get('state') ?? '')
  if (consents()) {
    const challenge = query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null
    const scopes = extra.scopes ?? (query.get('scope') ?? '').split(' ').filter(Boolean)
    back.searchParams.set('code', grants.consent({ person: person(), redirect, challenge, scopes }))
    for (const [name, value] of Object.entries(extra.back ?? {})) back.searchParams.set(name, value)
  } else back.searchParams.set('error', 'access_denied')
  return { status: 302, headers: { location: back.href } }
}

export function lifetime(expiresAtMs: number | null): { expires_in?: number } {
  return expiresAtMs === null ? {} : { expires_in: Math.round((expiresAtMs - Date.now()) / 1000) }
}
