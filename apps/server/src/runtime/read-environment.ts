// What one commit says about its set-up and checks: `.slipway/environment.yaml` and lock files, read from the host's mirror or quarantine.

import type { RepositoryRef } from '@slipway/core/events'
import type { Environment, Repositories } from '@slipway/core/ports'
import { detectChecks, detectSetup, type Files, type SetupPlan, wantedFiles } from '@slipway/sandbox/setup/detect'
import { ENVIRONMENT_PATH, type EnvironmentFile, parseEnvironment } from '@slipway/sandbox/setup/environment'

export interface CommitEnvironment {
  file: EnvironmentFile
  problems: string[]
  plan: SetupPlan
  checks: string[]
}

const maxBytes = 4 * 1024 * 1024
const maxPaths = 20_000
const nothing: EnvironmentFile = { setup: null, checks: null, allowHosts: [], mcp: [], preview: null }
const noPlan: SetupPlan = { commands: [], cacheKey: null, hosts: [], origin: '' }

/** Reads only the files that decide something. A broken environment file is told as a problem, and detection goes on without it. */
export async function readEnvironment(
  repositories: Pick<Repositories, 'readFile' | 'listFiles'>,
  at: { repository: RepositoryRef; oid: string },
): Promise<CommitEnvironment> {
  const { paths } = await repositories.listFiles({ ...at, limit: maxPaths })
  const read = await Promise.all(
    wantedFiles(paths).map(async (path) => [path, await repositories.readFile({ ...at, path, maxBytes })] as const),
  )
  const files = new Map(read.filter((entry): entry is [string, string] => entry[1] !== null))
  const parsed = parseEnvironment(files.get(ENVIRONMENT_PATH) ?? '')
  if (!parsed.ok) files.delete(ENVIRONMENT_PATH)
  return { file: parsed.ok ? parsed.environment : nothing, problems: parsed.ok ? [] : parsed.problems, ...detected(files, paths) }
}

/** The servers in the form that the agent uses. */
export function mcpOf(file: EnvironmentFile): Environment['mcp'] {
  return Object.fromEntries(
    file.mcp.map(({ name, command: [command = '', ...args], environment }) => [name, { command, args, env: environment }]),
  )
}

function detected(files: Files, paths: string[]): { plan: SetupPlan; checks: string[] } {
  const setup = detectSetup(files)
  const checks = detectChecks(files, paths)
  return { plan: setup.ok ? setup.plan : noPlan, checks: checks.ok ? checks.checks : [] }
}
