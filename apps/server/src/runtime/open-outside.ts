// The ports that touch the outside: repositories, forges, sandboxes with a repository in them, and the airlock.

import { join } from 'node:path'
import { openAirlock } from '@slipway/airlock/open-airlock'
import type { FindChecks } from '@slipway/airlock/verify/verification-ports'
import { openForges } from '@slipway/connectors/forges'
import { githubSettings } from '@slipway/connectors/github/github-settings'
import type { Clock, Ids, Ports, Repositories, Sandboxes } from '@slipway/core/ports'
import { openRepositories } from '@slipway/git/open-repositories'
import { openSetupCache } from '@slipway/sandbox/setup/setup-cache'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Settings } from '../settings.ts'
import { examine, MAX_PATHS } from '../workspace/examine.ts'
import { openWorkspaces, setUpForVerification } from '../workspace/open-workspaces.ts'
import { registries } from './registries.ts'

export interface OutsideInput { settings: Settings; clock: Clock; ids: Ids; sandboxes: Sandboxes }

/** Opens nothing by itself: mirrors, sandboxes and connections come with the first use. Throws SlipwayError when GitHub's address is wrong. */
export function openOutside({ settings, clock, ids, sandboxes }: OutsideInput): Pick<Ports, 'repositories' | 'forges' | 'workspaces' | 'airlock'> {
  const { home, sandbox, egress } = settings
  const github = githubSettings({ url: settings.github.url, apiUrl: settings.github.apiUrl, token: settings.github.token?.reveal() })
  if (!github.ok) throw new SlipwayError('usage', github.message)
  const repositories = openRepositories({ home })
  const parts = {
    sandboxes,
    repositories,
    cache: openSetupCache(join(home, 'setup-cache')),
    clock,
    ids,
    limits: sandbox.limits,
    egress: { agent: egress.agent, setup: egress.setup ?? { allow: registries, uploadLimitBytes: egress.agent.uploadLimitBytes } },
  }
  return {
    repositories,
    forges: openForges({ home, clock, github: github.settings }),
    workspaces: openWorkspaces(parts),
    airlock: openAirlock({ home, sandboxes, clock, ids, sandboxLimits: sandbox.limits, runSetup: setUpForVerification(parts), findChecks: checksFrom(repositories) }),
  }
}

/** An agent's own commit is not in the mirror; there the files that name checks are looked for one by one. */
function checksFrom(repositories: Repositories): FindChecks {
  return async ({ repository, oid, readFile }) => {
    const listed = await repositories.listFiles({ repository, oid, limit: MAX_PATHS }).catch(() => null)
    const paths = listed?.paths ?? (await present(readFile))
    return (await examine({ paths, read: readFile })).environment.checks
  }
}

const NAMING_CHECKS = ['.slipway/environment.yaml', 'package.json', 'pnpm-lock.yaml', 'yarn.lock', 'go.mod', 'Cargo.toml', 'Makefile', 'makefile', 'GNUmakefile']

async function present(readFile: (path: string) => Promise<string | null>): Promise<string[]> {
  const found = await Promise.all(NAMING_CHECKS.map(async (path) => ((await readFile(path)) === null ? [] : [path])))
  return found.flat()
}
