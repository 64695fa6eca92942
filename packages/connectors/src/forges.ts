// Picks the forge that a repository belongs to, and whose account works on it.

import type { Accounts } from '@slipway/core/accounts'
import type { RepositoryRef } from '@slipway/core/events'
import type { Clock, Forges } from '@slipway/core/ports'
import type { GithubSettings } from './github/github-settings.ts'
import { openGithubForge } from './github/open-github-forge.ts'
import type { GitlabSettings } from './gitlab/gitlab-settings.ts'
import { openGitlabForge } from './gitlab/open-gitlab-forge.ts'
import { openLocalForge } from './local/open-local-forge.ts'

export interface ForgesOptions {
  home: string
  clock: Clock
  accounts: Accounts
  github: GithubSettings
  gitlab: GitlabSettings
}

/** Implements the Forges port. A repository on another server than the one that is set up is refused, as its token would go there. */
export function openForges({ home, clock, accounts, github, gitlab }: ForgesOptions): Forges {
  const local = openLocalForge({ home, clock })
  return {
    for(repository, ownerId) {
      if (repository.forge === 'local') return { ok: true, forge: local }
      const provider = repository.forge
      const server = provider === 'github' ? github : gitlab
      if (!isOn(server.url, repository)) return { ok: false, message: elsewhere(repository, server.url) }
      const parts = { home, clock, findAccount: () => accounts.find({ ownerId, provider }) }
      return {
        ok: true,
        forge: provider === 'github' ? openGithubForge({ ...parts, settings: github }) : openGitlabForge({ ...parts, settings: gitlab }),
      }
    },
  }
}

function isOn(url: string, repository: RepositoryRef): boolean {
  return repository.slug !== null && repository.url === `${url}/${repository.slug}`
}

function elsewhere({ url, forge }: RepositoryRef, serverUrl: string): string {
  const [name, variable] = forge === 'github' ? ['GitHub', 'GITHUB_URL'] : ['GitLab', 'GITLAB_URL']
  return `${url} is not on ${serverUrl}, the ${name} server that is set up. Set ${variable} to its server and start Slipway again.`
}
