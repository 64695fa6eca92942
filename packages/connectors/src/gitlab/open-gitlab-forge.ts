// The Forge port on GitLab.

import type { Account } from '@slipway/core/accounts'
import type { Clock, Forge } from '@slipway/core/ports'
import type { HostedWords } from '../hosted/hosted-client.ts'
import { openHostedForge } from '../hosted/open-hosted-forge.ts'
import { gitUsernames } from '../hosted/with-token.ts'
import { draftPrefixLength } from './draft-title.ts'
import { createGitlabClient } from './gitlab-client.ts'
import type { GitlabSettings } from './gitlab-settings.ts'

export interface GitlabForgeOptions {
  settings: GitlabSettings
  home: string
  clock: Clock
  findAccount(): Promise<Account | null>
}

export const gitlabWords: HostedWords = {
  forge: 'GitLab',
  pull: 'merge request',
  titleLimit: 255 - draftPrefixLength,
  bodyLimit: 1_000_000,
}

/** Implements `Forge` for `forge: 'gitlab'`. */
export function openGitlabForge({ settings, home, clock, findAccount }: GitlabForgeOptions): Forge {
  return openHostedForge({
    url: settings.url,
    words: gitlabWords,
    home,
    findAccount,
    clientFor: (account) => createGitlabClient({ settings, account, nowMs: () => clock.now() }),
    gitUsername: gitUsernames.gitlab,
  })
}
