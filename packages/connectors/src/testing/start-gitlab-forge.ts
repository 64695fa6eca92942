// A GitLab forge in front of the double, for tests.

import type { Account } from '@slipway/core/accounts'
import type { RepositoryRef } from '@slipway/core/events'
import type { Clock } from '@slipway/core/ports'
import { type GitlabDouble, type GitlabDoubleOptions, startGitlabDouble } from '../../../../e2e/doubles/gitlab/start-gitlab-double.ts'
import { gitlabSettings } from '../gitlab/gitlab-settings.ts'
import { openGitlabForge } from '../gitlab/open-gitlab-forge.ts'
import { accountOfToken } from './account-of-token.ts'
import type { ForgeFixture } from './forge-contract.ts'

export const gitlabToken = 'glpat-' + 'Fu11AccessF0rTests00'
const systemClock: Clock = { now: () => Date.now(), sleep: () => Promise.resolve() }

/** In a nested group. */
export const gitlabSlug = 'acme/tools/widgets'

export interface GitlabFixture extends ForgeFixture {
  double: GitlabDouble
}

/** `token`: what the forge signs in with; null for nobody. `account` takes its place. */
export async function startGitlabForge(input: {
  home: string
  project: Omit<GitlabDoubleOptions['projects'][number], 'path'>
  limitedTokens?: GitlabDoubleOptions['limitedTokens']
  people?: string[]
  token?: string | null
  account?: Account
  requestTimeoutMs?: number
}): Promise<GitlabFixture> {
  const double = await startGitlabDouble({
    token: gitlabToken,
    limitedTokens: input.limitedTokens ?? [],
    people: input.people ?? ['grace'],
    projects: [{ path: gitlabSlug, ...input.project }],
  })
  const account = input.account ?? (input.token === null ? null : accountOfToken('gitlab', input.token ?? gitlabToken))
  const made = gitlabSettings({ url: double.url, requestTimeoutMs: input.requestTimeoutMs ?? 10_000 })
  if (!made.ok) throw new Error(made.message)
  const repository: RepositoryRef = { url: `${double.url}/${gitlabSlug}`, forge: 'gitlab', slug: gitlabSlug, base: null }
  const forge = openGitlabForge({
    settings: made.settings,
    home: input.home,
    clock: systemClock,
    findAccount: () => Promise.resolve(account),
  })
  return { forge, repository, published: double.repositoryPath(gitlabSlug), double, close: () => double.close() }
}
