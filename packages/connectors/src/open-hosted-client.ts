// The calls to a forge as one person, for what is not about a single change request.

import type { Account } from '@slipway/core/accounts'
import type { Clock } from '@slipway/core/ports'
import { createGithubClient } from './github/github-client.ts'
import type { GithubSettings } from './github/github-settings.ts'
import { createGitlabClient } from './gitlab/gitlab-client.ts'
import type { GitlabSettings } from './gitlab/gitlab-settings.ts'
import type { HostedClient } from './hosted/hosted-client.ts'

export interface HostedServers {
  github: GithubSettings
  gitlab: GitlabSettings
}

/** The account decides which forge it is. */
export function openHostedClient(account: Account, { github, gitlab }: HostedServers, clock: Pick<Clock, 'now'>): HostedClient {
  const nowMs = () => clock.now()
  if (account.provider === 'github') return createGithubClient({ settings: github, account, nowMs })
  if (account.provider === 'gitlab') return createGitlabClient({ settings: gitlab, account, nowMs })
  throw new Error(`${account.provider} has no repositories.`)
}
