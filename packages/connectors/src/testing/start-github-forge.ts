// A GitHub forge in front of the double, for tests.

import type { RepositoryRef } from '@slipway/core/events'
import type { Clock } from '@slipway/core/ports'
import { type GithubDouble, type GithubDoubleOptions, startGithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import type { ForgeFixture } from './forge-contract.ts'
import type { Account } from '@slipway/core/accounts'
import { openGithubForge } from '../github/open-github-forge.ts'
import { githubSettings } from '../github/github-settings.ts'
import { accountOfToken } from './account-of-token.ts'

export const fullToken = 'ghp_' + 'Fu11AccessF0rTests0000000000000000000'
const systemClock: Clock = { now: () => Date.now(), sleep: () => Promise.resolve() }

export const slug = 'acme/widgets'

export interface GithubFixture extends ForgeFixture {
  double: GithubDouble
}

/** `token`: what the forge signs in with; null for nobody. `account` takes its place. */
export async function startGithubForge(input: {
  home: string
  repository: Omit<GithubDoubleOptions['repositories'][number], 'slug'>
  limitedTokens?: GithubDoubleOptions['limitedTokens']
  token?: string | null
  account?: Account
  requestTimeoutMs?: number
}): Promise<GithubFixture> {
  const double = await startGithubDouble({
    token: fullToken,
    limitedTokens: input.limitedTokens ?? [],
    repositories: [{ slug, isPrivate: true, ...input.repository }],
  })
  const account = input.account ?? (input.token === null ? null : accountOfToken('github', input.token ?? fullToken))
  const made = githubSettings({ url: double.url, apiUrl: double.apiUrl, requestTimeoutMs: input.requestTimeoutMs ?? 10_000 })
  if (!made.ok) throw new Error(made.message)
  const repository: RepositoryRef = { url: `${double.url}/${slug}`, forge: 'github', slug, base: null }
  const forge = openGithubForge({
    settings: made.settings,
    home: input.home,
    clock: systemClock,
    findAccount: () => Promise.resolve(account),
  })
  return { forge, repository, published: double.repositoryPath(slug), double, close: () => double.close() }
}
