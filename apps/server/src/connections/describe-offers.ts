// What each provider can be connected by here, and what an administrator would have to set for more.

import type { ProviderName } from '@slipway/core/accounts'
import { LOCAL_OWNER } from '../auth/person.ts'
import type { Settings } from '../settings.ts'
import { providerNames, type Providers } from './open-providers.ts'

export interface Offer {
  provider: ProviderName
  label: string
  /** Whether one click is enough. */
  canAuthorize: boolean
  /** A GitHub App: tokens for one repository each. */
  isApp: boolean
  /** Variables that an administrator sets, so that one click is enough. */
  missing: string[]
  /** What is registered at the provider, for the administrator. */
  callbackAddress: string
  tokenPage: string
  tokenAdvice: string
  /** The account of the environment that the person uses when none is connected; null: none. */
  fromEnvironment: string | null
}

const TOKEN_ADVICE: Record<ProviderName, string> = {
  github:
    'A fine-grained token with Contents, Pull requests and Workflows (read and write) for the repositories, or a classic one with the scopes repo and workflow.',
  gitlab: 'A personal access token with the scope api.',
  notion: 'The secret of an internal integration, which you add to the pages and databases that Slipway may use.',
  vercel: 'A token for the account or team whose projects Slipway may deploy.',
}

export function describeOffers(settings: Settings, providers: Providers, input: { ownerId: string; base: string }): Offer[] {
  return providerNames.map((provider) => {
    const { label, tokenPage, authorization } = providers[provider]
    return {
      provider,
      label,
      canAuthorize: authorization !== null,
      isApp: authorization?.kind === 'app',
      missing: authorization === null ? missingFor(settings, provider) : [],
      callbackAddress: callbackAddress(input.base, provider),
      tokenPage,
      tokenAdvice: TOKEN_ADVICE[provider],
      fromEnvironment: input.ownerId === LOCAL_OWNER ? environmentName(settings, provider) : null,
    }
  })
}

export function callbackAddress(base: string, provider: ProviderName): string {
  return `${base}/api/integrations/${provider}/callback`
}

function missingFor({ github }: Settings, provider: ProviderName): string[] {
  const name = provider.toUpperCase()
  const id = provider === 'github' && github.clientId !== null ? [] : [`${name}_CLIENT_ID`]
  return [...id, `${name}_CLIENT_SECRET`, ...(provider === 'vercel' ? ['VERCEL_INTEGRATION'] : [])]
}

function environmentName(settings: Settings, provider: ProviderName): string | null {
  if (provider === 'github' && settings.github.app !== null) return 'GITHUB_APP_ID'
  return settings[provider].token === null ? null : `${provider.toUpperCase()}_TOKEN`
}
