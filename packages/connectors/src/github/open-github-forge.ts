// The Forge port on GitHub.

import type { Account } from '@slipway/core/accounts'
import type { Clock, Forge } from '@slipway/core/ports'
import type { HostedWords } from '../hosted/hosted-client.ts'
import { openHostedForge } from '../hosted/open-hosted-forge.ts'
import { gitUsernames } from '../hosted/with-token.ts'
import { createGithubClient } from './github-client.ts'
import type { GithubSettings } from './github-settings.ts'

export interface GithubForgeOptions {
  settings: GithubSettings
  home: string
  clock: Clock
  findAccount(): Promise<Account | null>
}

export const githubWords: HostedWords = { forge: 'GitHub', pull: 'pull request', titleLimit: 256, bodyLimit: 65_536 }

/** Implements `Forge` for `forge: 'github'`. */
export function openGithubForge({ settings, home, clock, findAccount }: GithubForgeOptions): Forge {
  return openHostedForge({
    url: settings.url,
    words: githubWords,
    home,
    findAccount,
    clientFor: (account) => createGithubClient({ settings, account, nowMs: () => clock.now() }),
    gitUsername: gitUsernames.github,
  })
}
