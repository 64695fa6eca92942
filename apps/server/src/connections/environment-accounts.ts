// Tokens of the environment, as accounts of whoever runs the server. Nobody else uses them, and no page takes them away.

import type { Account, ProviderName, TokenProblem } from '@slipway/core/accounts'
import type { Secret } from '@slipway/core/secret'
import { LOCAL_OWNER } from '../auth/person.ts'
import type { ServiceSettings } from '../settings/service-settings.ts'
import type { GithubApp } from './github-app.ts'

/** null: nothing is set for this provider. */
export function environmentAccount(settings: ServiceSettings, app: GithubApp | null, provider: ProviderName): Account | null {
  const { token } = settings[provider]
  const hasApp = provider === 'github' && app !== null
  if (token === null && !hasApp) return null
  const variable = `${provider.toUpperCase()}_TOKEN`
  const name = token === null ? 'GitHub App' : variable

  return {
    connectionId: environmentId(provider),
    provider,
    ownerId: LOCAL_OWNER,
    name,
    ...(provider === 'vercel' && settings.vercel.teamId !== null && { details: { teamId: settings.vercel.teamId } }),
    async token({ refused, repository } = {}) {
      if (hasApp) {
        const minted = await (repository === undefined
          ? token === null
            ? app.tokenForAll(refused)
            : null
          : app.tokenFor(repository, refused))
        if (minted?.ok && minted.token !== null) return { ok: true, token: minted.token }
        if (minted !== null && !minted.ok && token === null) return { ok: false, problem: 'network', message: minted.message }
        if (token === null) return notInstalled(repository)
      }
      return token === null || refused?.reveal() === token.reveal() ? refusedToken(variable) : given(token)
    },
  }
}

export function environmentId(provider: ProviderName): string {
  return `environment-${provider}`
}

function given(token: Secret): { ok: true; token: Secret } {
  return { ok: true, token }
}

function refusedToken(variable: string): TokenProblem {
  const message = `${variable} is not accepted any more: it is wrong, ran out or was revoked. An administrator sets a new one and starts the server again; or connect an account of your own in Settings → Connections.`
  return { ok: false, problem: 'reconnect', message }
}

function notInstalled(repository: string | undefined): TokenProblem {
  const where = repository === undefined ? 'anywhere' : `for ${repository}`
  return { ok: false, problem: 'reconnect', message: `The GitHub App is not installed ${where}. Install it there, or set GITHUB_TOKEN.` }
}
