// The ports that touch the outside: repositories, forges, sandboxes with a repository in them, and the airlock.

import { openAirlock } from '@slipway/airlock/open-airlock'
import { openForges } from '@slipway/connectors/forges'
import { githubSettings } from '@slipway/connectors/github/github-settings'
import { gitlabSettings } from '@slipway/connectors/gitlab/gitlab-settings'
import type { Accounts } from '@slipway/core/accounts'
import type { Clock, Ids, Ports, Sandboxes } from '@slipway/core/ports'
import { openRepositories } from '@slipway/git/open-repositories'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Settings } from '../settings.ts'
import { openWorkspaces } from './open-workspaces.ts'
import { findChecks, setUpForVerification } from './verification-needs.ts'

export interface OutsideInput {
  settings: Settings
  clock: Clock
  ids: Ids
  sandboxes: Sandboxes
  accounts: Accounts
}

/** Opens nothing by itself: mirrors, sandboxes and connections come with the first use. Throws SlipwayError when the address of a forge is wrong. */
export function openOutside({
  settings,
  clock,
  ids,
  sandboxes,
  accounts,
}: OutsideInput): Pick<Ports, 'repositories' | 'forges' | 'workspaces' | 'airlock'> {
  const { home, sandbox, egress } = settings
  const github = githubSettings({ url: settings.github.url, apiUrl: settings.github.apiUrl })
  if (!github.ok) throw new SlipwayError('usage', github.message)
  const gitlab = gitlabSettings({ url: settings.gitlab.url })
  if (!gitlab.ok) throw new SlipwayError('usage', gitlab.message)
  const repositories = openRepositories({ home })
  const parts = { home, sandboxes, repositories, ids, limits: sandbox.limits, egress }
  return {
    repositories,
    forges: openForges({ home, clock, accounts, github: github.settings, gitlab: gitlab.settings }),
    workspaces: openWorkspaces(parts),
    airlock: openAirlock({
      home,
      sandboxes,
      ids,
      sandboxLimits: sandbox.limits,
      runSetup: setUpForVerification(parts),
      findChecks: findChecks(parts),
    }),
  }
}
