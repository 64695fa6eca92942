// The broker: whoever calls a provider for a person asks here for a token that works now. It is refreshed once, however
// many ask at the same moment and in however many processes; what a provider takes back becomes a state of the account.

import type { Account, Accounts, ProviderName, TokenProblem } from '@slipway/core/accounts'
import type { Secret } from '@slipway/core/secret'
import type { Connection, ConnectionId, Connections, HeldConnection, Tokens } from '@slipway/store/connections'
import type { Logger } from 'pino'
import { LOCAL_OWNER } from '../auth/person.ts'
import { isFresh } from './is-fresh.ts'
import type { GithubApp } from './github-app.ts'
import type { Providers } from './open-providers.ts'
import { openRenewal } from './renew.ts'
import { disconnectedProblem, lostProblem, type TokenAnswer, unreadableProblem } from './token-problems.ts'

export interface AccountsNeeds {
  connections: Connections
  providers: Providers
  githubApp: GithubApp | null
  /** What the environment gives to whoever runs the server; null: nothing. */
  environment(provider: ProviderName): Account | null
  now(): number
  /** Told of each token before it leaves here. */
  learn(secret: Secret): void
  logger: Pick<Logger, 'warn' | 'error'>
}

/** A use is noted once in this time. */
const USED_EVERY_MS = 60_000

export function openAccounts(needs: AccountsNeeds): Accounts {
  const { connections, providers, githubApp, now, logger } = needs
  const renew = openRenewal(needs)
  const running = new Map<string, Promise<TokenAnswer>>()

  async function tokenOf(at: ConnectionId, refused: Secret | undefined): Promise<TokenAnswer> {
    const held = await connections.read(at)
    if (held === null) return disconnectedProblem()
    const ready = readyToken(held, refused)
    const answer = ready ?? (await renewOnce(held.connection, refused))
    if (answer.ok) await noteUse(held.connection)
    return answer
  }

  /** What can be said without asking the provider. */
  function readyToken(held: HeldConnection, refused: Secret | undefined): TokenAnswer | null {
    const { connection, tokens } = held
    if (connection.status === 'reconnect') return lostProblem(connection, providers[connection.provider].label)
    if (!tokens.ok) return unreadable(connection)
    teach(tokens.tokens)
    const isUsable = isFresh(tokens.tokens, connection, now()) && tokens.tokens.access.reveal() !== refused?.reveal()
    return isUsable ? { ok: true, token: tokens.tokens.access } : null
  }

  function renewOnce(connection: Connection, refused: Secret | undefined): Promise<TokenAnswer> {
    const known = running.get(connection.id)
    if (known !== undefined)
      return known.then((answer) => (answer.ok && answer.token.reveal() === refused?.reveal() ? renewOnce(connection, refused) : answer))
    const renewal = renew(connection, refused).finally(() => running.delete(connection.id))
    running.set(connection.id, renewal)
    return renewal
  }

  function unreadable({ id, provider }: Connection): TokenProblem {
    // Not written down: when the right key comes back, so does the account.
    logger.error({ connection: id, provider }, 'a stored token does not open: SLIPWAY_SECRET_KEY is another one, or the row was changed')
    return unreadableProblem(providers[provider].label)
  }

  async function noteUse({ id, usedAt }: Connection): Promise<void> {
    if (usedAt !== null && now() - Date.parse(usedAt) < USED_EVERY_MS) return
    await connections.noteUse(id).catch((error: unknown) => logger.warn({ err: error }, 'the use of an account was not noted'))
  }

  function teach({ access, refresh }: Tokens): void {
    needs.learn(access)
    if (refresh !== null) needs.learn(refresh)
  }

  function accountOf({ id, ownerId, provider, accountName, kind, details }: Connection): Account {
    const at = { ownerId, id }
    return {
      connectionId: id,
      provider,
      ownerId,
      name: accountName,
      details,
      async token({ refused, repository } = {}) {
        if (kind !== 'app' || githubApp === null || repository === undefined) return tokenOf(at, refused)
        return appToken(githubApp, at, repository, refused)
      },
    }
  }

  /** Only for who may push there themselves: what the App may do is no right of everybody who is here. */
  async function appToken(app: GithubApp, at: ConnectionId, repository: string, refused: Secret | undefined): Promise<TokenAnswer> {
    const person = await tokenOf(at, refused)
    if (!person.ok) return person
    const rights = await app.mayPush(person.token, repository)
    if (!rights.ok)
      return rights.problem === 'refused' ? tokenOf(at, person.token) : { ok: false, problem: 'network', message: rights.message }
    if (!rights.may) return person
    const minted = await app.tokenFor(repository, refused)
    if (!minted.ok) logger.warn({ repository, message: minted.message }, 'no token of the GitHub App; the person’s own is used')
    return minted.ok && minted.token !== null ? { ok: true, token: minted.token } : person
  }

  return {
    async find({ ownerId, provider, connectionId }) {
      const all = await connections.list({ ownerId, provider })
      const own = connectionId === undefined ? all : all.filter(({ id }) => id === connectionId)
      const [first] = own
      if (first?.status === 'connected') return accountOf(first)
      const given = ownerId === LOCAL_OWNER ? needs.environment(provider) : null
      if (given !== null && (connectionId === undefined || connectionId === given.connectionId)) return given
      return first === undefined ? null : accountOf(first)
    },
  }
}
