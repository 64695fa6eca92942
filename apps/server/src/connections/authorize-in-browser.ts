// Connecting an account in the browser: away to the provider with a secret that must come back, in the same browser
// session, once. Whatever does not fit is refused, and its state is used up all the same.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ProviderName } from '@slipway/core/accounts'
import { makeSecret } from '@slipway/core/secret'
import type { AuthorizationAttempts } from '@slipway/store/authorization-attempts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { ConnectionService, Who } from './connection-service.ts'
import type { Providers } from './open-providers.ts'
import type { AccountFacts, Provider, ProviderProblem } from './provider.ts'

export interface BrowserAuthorization {
  /** The address to send the browser to. Throws `not-configured`. */
  begin(input: Traveller & { provider: ProviderName; redirectAddress: string; returnPath: string }): Promise<string>
  /** For who comes back with this query; null: not signed in. */
  finish(input: { traveller: Traveller | null; provider: ProviderName; query: URLSearchParams }): Promise<Landing>
}

/** Somebody in one browser session. */
export interface Traveller extends Who {
  credentialId: string
}

/** Where to go, and what to say there. */
export type Landing = { ok: true; returnPath: string } | { ok: false; returnPath: string; reason: LandingProblem }

export type LandingProblem =
  /** It took longer than ten minutes, was used before, or never began here. */
  | 'expired'
  /** The person said no at the provider. */
  | 'denied'
  | 'refused'
  | 'misconfigured'
  | 'network'

const DEFAULT_RETURN = '/settings#connections'
const VERIFIER_BYTES = 32

export function openBrowserAuthorization(needs: {
  providers: Providers
  attempts: AuthorizationAttempts
  service: ConnectionService
}): BrowserAuthorization {
  const { providers, attempts, service } = needs

  return {
    async begin({ provider, redirectAddress, returnPath, ...traveller }) {
      const { authorization, label } = providers[provider]
      if (authorization === null) throw notConfigured(provider, label)
      const verifier = randomBytes(VERIFIER_BYTES).toString('base64url')
      const state = await attempts.begin({ ...traveller, provider, redirectAddress, returnPath, verifier: makeSecret(verifier) })
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      return authorization.address({ state, challenge, redirectAddress })
    },

    async finish({ traveller, provider, query }) {
      const attempt = await attempts.take(query.get('state') ?? '')
      const isTheirs = attempt !== null && traveller !== null && attempt.provider === provider && isSamePerson(attempt, traveller)
      if (!isTheirs) return { ok: false, returnPath: DEFAULT_RETURN, reason: 'expired' }
      const { returnPath, redirectAddress, verifier } = attempt
      const failed = (reason: LandingProblem): Landing => ({ ok: false, returnPath, reason })
      const client = providers[provider]
      const { authorization } = client
      if (authorization === null) return failed('misconfigured')
      if (isFromAnother(query.get('iss'), authorization.issuer)) return failed('refused')
      if (query.has('error')) return failed(query.get('error') === 'access_denied' ? 'denied' : 'refused')
      const code = query.get('code')
      if (code === null || code === '') return failed('refused')
      const granted = await authorization.exchange({ code, verifier, redirectAddress })
      if (!granted.ok) return failed(granted.problem)
      const known = await askTwice(client, granted.tokens.access)
      if (!known.ok) {
        // Nobody will ever use it, so it should not lie about.
        await authorization.revoke({ tokens: granted.tokens, details: granted.details })
        return failed(known.problem)
      }
      await service.keepGrant({ who: traveller, provider, kind: authorization.kind, grant: granted, facts: known.facts })
      return { ok: true, returnPath }
    },
  }
}

/** A code cannot be brought twice, so a passing trouble right after it is worth a second question. */
async function askTwice(
  provider: Provider,
  token: Parameters<Provider['whoIs']>[0],
): Promise<{ ok: true; facts: AccountFacts } | ProviderProblem> {
  const first = await provider.whoIs(token)
  return !first.ok && first.problem === 'network' ? provider.whoIs(token) : first
}

function isSamePerson(attempt: Traveller, { ownerId, personId, credentialId }: Traveller): boolean {
  return attempt.ownerId === ownerId && attempt.personId === personId && isSameText(attempt.credentialId, credentialId)
}

function isSameText(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}

function isFromAnother(issuer: string | null, expected: string | null): boolean {
  return issuer !== null && expected !== null && issuer.replace(/\/$/, '') !== expected
}

function notConfigured(provider: ProviderName, label: string): SlipwayError {
  const name = provider.toUpperCase()
  const message = `Connecting ${label} in the browser is not set up here. An administrator sets ${name}_CLIENT_ID and ${name}_CLIENT_SECRET; until then connect with a token.`
  return new SlipwayError('not-configured', message)
}
