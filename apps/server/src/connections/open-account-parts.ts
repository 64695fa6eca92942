// Everything about people's accounts, put together for one process. Opens nothing by itself: the installation's key is
// read with the first account that is used.

import type { Accounts } from '@slipway/core/accounts'
import type { Clock } from '@slipway/core/ports'
import type { Secret } from '@slipway/core/secret'
import { type AuthorizationAttempts, createAuthorizationAttempts } from '@slipway/store/authorization-attempts'
import { type Connections, createConnections } from '@slipway/store/connections'
import { openSealer, type Sealer } from '@slipway/store/seal'
import type { Store } from '@slipway/store/store'
import type { Logger } from 'pino'
import { type Audit, openAudit } from '../auth/audit.ts'
import { openSecretKey, type SecretKey } from '../auth/secret-key.ts'
import { lazily } from '../runtime/lazily.ts'
import type { Settings } from '../settings.ts'
import { openAskProvider, type AskProvider } from './ask-provider.ts'
import { type BrowserAuthorization, openBrowserAuthorization } from './authorize-in-browser.ts'
import { type ConnectionService, openConnectionService } from './connection-service.ts'
import { type Avatars, openAvatars } from './avatars.ts'
import { openTeamChoice, type TeamChoice } from './choose-team.ts'
import { environmentAccount } from './environment-accounts.ts'
import { openGithubApp } from './github-app.ts'
import { openAccounts } from './open-accounts.ts'
import { openProviders, type Providers } from './open-providers.ts'

export interface AccountParts {
  accounts: Accounts
  connections: Connections
  attempts: AuthorizationAttempts
  providers: Providers
  service: ConnectionService
  browser: BrowserAuthorization
  teams: TeamChoice
  avatars: Avatars
  ask: AskProvider
  /** Tells of each owner for whom an account was connected by this process; returns how to stop it. */
  onConnected(listener: (ownerId: string) => void): () => void
}

export interface AccountPartsInput {
  settings: Settings
  database: Store['database']
  clock: Pick<Clock, 'now'>
  logger: Pick<Logger, 'warn' | 'error'>
  /** Told of each token before it is used. */
  learn(secret: Secret): void
}

export function openAccountParts({ settings, database, clock, logger, learn }: AccountPartsInput): AccountParts {
  const key = lazily(() => openSecretKey(settings.home, settings.signIn.secretKeys))
  const sealer = lazily(async () => sealerOf(await key.get()))
  const ask = openAskProvider()
  const { app } = settings.github
  const githubApp = app === null ? null : openGithubApp({ app, apiUrl: settings.github.apiUrl, ask, now: clock.now, learn })
  const connections = createConnections(database, () => sealer.get())
  const providers = openProviders(settings, ask, clock.now)
  const environment = (provider: Parameters<typeof environmentAccount>[2]) => environmentAccount(settings, githubApp, provider)
  const accounts = openAccounts({ connections, providers, githubApp, environment, now: clock.now, learn, logger })
  const attempts = createAuthorizationAttempts(database.pool, () => sealer.get())
  const record: Audit['record'] = async (entry) => openAudit(database.pool, (await key.get()).ring('audit')).record(entry)
  const listeners = new Set<(ownerId: string) => void>()
  const connected = (ownerId: string): void => {
    for (const listener of listeners) listener(ownerId)
  }
  const service = openConnectionService({ accounts, connections, providers, record, learn, connected })
  const browser = openBrowserAuthorization({ providers, attempts, service })
  const avatars = openAvatars({ connections, settings, now: clock.now })
  const teams = openTeamChoice({ accounts, connections, apiUrl: settings.vercel.apiUrl, now: clock.now })
  const onConnected: AccountParts['onConnected'] = (listener) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return { accounts, connections, attempts, providers, service, browser, teams, avatars, ask, onConnected }
}

function sealerOf(key: SecretKey): Sealer {
  return openSealer(key.ring('stored secrets').map((one) => Buffer.from(one, 'base64url')))
}
