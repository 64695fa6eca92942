// What Slipway asks of a service that people connect, the same for all of them.

import type { ProviderName } from '@slipway/core/accounts'
import type { Secret } from '@slipway/core/secret'
import type { Tokens } from '@slipway/store/connections'

/** `refused`: the token or code counts no more. `misconfigured`: this installation is not known there. `network`: try later. */
export type ProviderProblem = { ok: false; problem: 'refused' | 'misconfigured' | 'network'; message: string }

export interface AccountFacts {
  id: string
  name: string
  avatarUrl: string | null
  /** What the token may do; null: the provider does not say. */
  scopes: string[] | null
  details: Record<string, string>
  /** When the token itself runs out, where the provider says so. */
  expiresAt: string | null
}

export interface Grant {
  tokens: Tokens
  scopes: string[] | null
  details: Record<string, string>
}

export interface Provider {
  name: ProviderName
  /** For people. */
  label: string
  /** Where a person makes a token, and takes it back. */
  tokenPage: string
  /** null: an administrator has not set it up. */
  authorization: Authorization | null
  /** Whose token this is; a token that is none is `refused`. */
  whoIs(token: Secret): Promise<{ ok: true; facts: AccountFacts } | ProviderProblem>
}

/** Permission by the person in their browser (OAuth 2). */
export interface Authorization {
  kind: 'oauth' | 'app'
  /** Names itself in `iss` when it sends people back, so that an answer of another one shows; null: it does not. */
  issuer: string | null
  /** Where to send the person. `challenge`: of PKCE, S256. */
  address(input: { state: string; challenge: string; redirectAddress: string }): string
  exchange(input: { code: string; verifier: Secret; redirectAddress: string }): Promise<({ ok: true } & Grant) | ProviderProblem>
  refresh(token: Secret): Promise<({ ok: true } & Grant) | ProviderProblem>
  /** Takes the permission back at the provider. */
  revoke(input: { tokens: Tokens; details: Record<string, string> }): Promise<{ ok: true } | ProviderProblem>
}
