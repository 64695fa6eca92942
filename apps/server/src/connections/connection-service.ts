// What people do with their accounts: connect by a token, look, check, disconnect.

import type { Accounts, ProviderName } from '@slipway/core/accounts'
import type { Secret } from '@slipway/core/secret'
import type { Connection, ConnectionId, Connections } from '@slipway/store/connections'
import type { AuditEntry } from '../auth/audit.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Providers } from './open-providers.ts'
import type { AccountFacts, Grant, ProviderProblem } from './provider.ts'

export interface ConnectionService {
  /** Asks the provider whose token it is, then keeps it. Throws SlipwayError when it is no token, or nobody answers. */
  connectByToken(input: { who: Who; provider: ProviderName; token: Secret }): Promise<Connection>
  /** Keeps what a provider has granted; `kind` is how. */
  keepGrant(input: { who: Who; provider: ProviderName; kind: 'oauth' | 'app'; grant: Grant; facts: AccountFacts }): Promise<Connection>
  /** Asks the provider whether the account still lets Slipway in. Throws `not-found`, `conflict` (connect again) or `not-ready`. */
  check(at: ConnectionId): Promise<Connection>
  /** Forgets the tokens, and takes the permission back at the provider where that can be done from here. Throws `not-found`. */
  disconnect(input: { who: Who; id: string }): Promise<Disconnected>
}

/** In whose name, and who says so. */
export interface Who {
  ownerId: string
  personId: string
}

export interface Disconnected {
  isRevoked: boolean
  /** What is left for the person to do; null: nothing. */
  advice: string | null
}

export interface ConnectionServiceNeeds {
  accounts: Accounts
  connections: Connections
  providers: Providers
  record(entry: Omit<AuditEntry, 'seq' | 'at'>): Promise<void>
  learn(secret: Secret): void
  /** Told after an account of this owner was connected, for the first time or anew. */
  connected(ownerId: string): void
}

export function openConnectionService({
  accounts,
  connections,
  providers,
  record,
  learn,
  connected,
}: ConnectionServiceNeeds): ConnectionService {
  async function put(who: Who, wanted: Omit<Parameters<Connections['put']>[0], 'ownerId'>): Promise<Connection> {
    const stored = await connections.put({ ownerId: who.ownerId, ...wanted })
    const { id, provider, kind } = stored
    // Not the account's name: administrators read this, and it is the person's own.
    await record({ actorId: who.personId, action: 'connection-made', subject: id, details: { provider, kind } })
    connected(who.ownerId)
    return stored
  }

  return {
    async connectByToken({ who, provider, token }) {
      learn(token)
      const known = await providers[provider].whoIs(token)
      if (!known.ok) throw refusal(known)
      const { id, name, avatarUrl, scopes, details, expiresAt } = known.facts
      const tokens = { access: token, refresh: null, expiresAt }
      return put(who, { provider, kind: 'token', account: { id, name, avatarUrl }, scopes: scopes ?? [], details, tokens })
    },
    keepGrant({ who, provider, kind, grant, facts }) {
      const { id, name, avatarUrl, scopes, details } = facts
      const account = { id, name, avatarUrl }
      const all = { scopes: grant.scopes ?? scopes ?? [], details: { ...details, ...grant.details }, tokens: grant.tokens }
      return put(who, { provider, kind, account, ...all })
    },
    async check(at) {
      const held = await connections.read(at)
      if (held === null) throw unknownConnection()
      const { provider } = held.connection
      const account = await accounts.find({ ownerId: at.ownerId, provider, connectionId: at.id })
      if (account === null) throw unknownConnection()
      const first = await account.token()
      if (!first.ok) throw new SlipwayError(first.problem === 'reconnect' ? 'conflict' : 'not-ready', first.message)
      const known = await providers[provider].whoIs(first.token)
      if (!known.ok && known.problem !== 'refused') throw refusal(known)
      const second = known.ok ? first : await account.token({ refused: first.token })
      if (!second.ok) throw new SlipwayError(second.problem === 'reconnect' ? 'conflict' : 'not-ready', second.message)
      const facts = known.ok ? known.facts : await factsOf(provider, second.token)
      await connections.alone(at, async () => ({ change: { type: 'checked', account: facts, scopes: facts.scopes }, result: null }))
      const checked = await connections.read(at)
      if (checked === null) throw unknownConnection()
      return checked.connection
    },
    async disconnect({ who, id }) {
      const done = await connections.alone({ ownerId: who.ownerId, id }, async ({ connection, tokens }) => {
        const { label, tokenPage, authorization } = providers[connection.provider]
        const byHand = `The token still counts at ${label}: take it back at ${tokenPage}.`
        const isOurs = connection.kind !== 'token' && authorization !== null && tokens.ok
        const revoked = isOurs ? await authorization.revoke({ tokens: tokens.tokens, details: connection.details }) : null
        const isRevoked = revoked?.ok ?? false
        const advice = isRevoked ? null : revoked?.ok === false ? `${revoked.message} ${byHand}` : byHand
        return { change: { type: 'disconnected' }, result: { isRevoked, advice, connection } }
      })
      if (done === null) throw unknownConnection()
      const { connection, isRevoked, advice } = done
      const details = { provider: connection.provider, kind: connection.kind, isRevoked }
      await record({ actorId: who.personId, action: 'connection-removed', subject: id, details })
      return { isRevoked, advice }
    },
  }

  async function factsOf(provider: ProviderName, token: Secret): Promise<AccountFacts> {
    const known = await providers[provider].whoIs(token)
    if (!known.ok) throw refusal(known)
    return known.facts
  }
}

export function unknownConnection(): SlipwayError {
  return new SlipwayError('not-found', 'There is no such connection. GET /api/v1/connections lists those you have.')
}

function refusal({ problem, message }: ProviderProblem): SlipwayError {
  return new SlipwayError(problem === 'network' ? 'not-ready' : 'usage', message)
}
