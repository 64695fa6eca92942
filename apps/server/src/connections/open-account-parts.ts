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
import { openSecretKey } from '../auth/secret-key.ts'
import { lazily } from '../runtime/lazily.ts'
import type { Settings } from '../settings.ts'
import { openAskProvider, type AskProvider } from './ask-provider.ts'
import { environmentAccount } from './environment-accounts.ts'
import { openGithubApp } from './github-app.ts'
import { openAccounts } from './open-accounts.ts'
import { openProviders, type Providers } from './open-providers.ts'

export interface AccountParts {
  accounts: Accounts
  connections: Connections
  attempts: AuthorizationAttempts
  providers: Providers
  ask: AskProvider
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
  const sealer = lazily(() => openInstallationSealer(settings))
  const ask = openAskProvider()
  const { app } = settings.github
  const githubApp = app === null ? null : openGithubApp({ app, apiUrl: settings.github.apiUrl, ask, now: clock.now, learn })
  const connections = createConnections(database, () => sealer.get())
  const providers = openProviders(settings, ask, clock.now)
  const environment = (provider: Parameters<typeof environmentAccount>[2]) => environmentAccount(settings, githubApp, provider)
  return {
    accounts: openAccounts({ connections, providers, githubApp, environment, now: clock.now, learn, logger }),
    connections,
    attempts: createAuthorizationAttempts(database.pool, () => sealer.get()),
    providers,
    ask,
  }
}

async function openInstallationSealer({ home, signIn }: Settings): Promise<Sealer> {
  const key = await openSecretKey(home, signIn.secretKeys)
  return openSealer(key.ring('stored secrets').map((one) => Buffer.from(one, 'base64url')))
}
