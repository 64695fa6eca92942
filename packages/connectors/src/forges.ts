// Picks the forge that a repository belongs to.

import type { Clock, Forges } from '@slipway/core/ports'
import { openGithubForge } from './github/github-forge.ts'
import type { GithubSettings } from './github/github-settings.ts'
import { openLocalForge } from './local/open-local-forge.ts'

/** Implements the Forges port. A GitHub repository on another server than the one that is set up is refused. */
export function openForges({ home, clock, github }: { home: string; clock: Clock; github: GithubSettings }): Forges {
  const local = openLocalForge({ home, clock })
  const hosted = openGithubForge({ settings: github, home, clock })
  return {
    for(repository) {
      if (repository.forge === 'local') return { ok: true, forge: local }
      if (repository.slug !== null && repository.url === `${github.url}/${repository.slug}`) return { ok: true, forge: hosted }
      return {
        ok: false,
        message: `${repository.url} is not on ${github.url}, the GitHub server that is set up. Set GITHUB_URL and GITHUB_TOKEN for it and start Slipway again.`,
      }
    },
  }
}
