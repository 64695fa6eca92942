// One person's view of a forge, with their own account.

import type { Accounts } from '@slipway/core/accounts'
import type { ForgeFailure } from '@slipway/core/ports'
import type { ForgeWatch } from '@slipway/connectors/follow/forge-watch'
import { openGithubWatch } from '@slipway/connectors/github/follow/open-github-watch'
import { openGitlabWatch } from '@slipway/connectors/gitlab/follow/open-gitlab-watch'
import type { Runtime } from '../runtime.ts'

export type ForgeProvider = 'github' | 'gitlab'

export type Watches = (
  ownerId: string,
  provider: ForgeProvider,
) => Promise<{ ok: true; watch: ForgeWatch; accountName: string } | ForgeFailure>

const requestTimeoutMs = 20_000

export function openWatches({ settings, ports }: Pick<Runtime, 'settings' | 'ports'>, accounts: Accounts): Watches {
  const nowMs = () => ports.clock.now()
  const { github, gitlab } = settings
  return async (ownerId, provider) => {
    const account = await accounts.find({ ownerId, provider })
    if (account === null) {
      const message = `No account at ${provider} is connected. Connect one in Settings → Connections.`
      return { ok: false, problem: 'auth', message, retryAfterMs: null }
    }
    const watch =
      provider === 'github'
        ? openGithubWatch({ settings: { url: github.url, apiUrl: github.apiUrl, requestTimeoutMs }, account, nowMs })
        : openGitlabWatch({ settings: { url: gitlab.url, requestTimeoutMs }, account, nowMs })
    return { ok: true, watch, accountName: account.name }
  }
}
