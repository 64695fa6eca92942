// What one commit says about its set-up and checks: `.slipway/environment.yaml` and lock files, read from the host's mirror or quarantine.

import type { RepositoryRef } from '@slipway/core/events'
import type { Repositories } from '@slipway/core/ports'
import { detectChecks } from '@slipway/sandbox/setup/detect-checks'
import { detectSetup, type SetupPlan } from '@slipway/sandbox/setup/detect-setup'
import { parseEnvironmentFile, type EnvironmentFile } from '@slipway/sandbox/setup/environment-file'

export interface CommitEnvironment {
  file: EnvironmentFile
  problems: string[]
  plan: SetupPlan
  checks: string[]
  /** The plan's inputs with their contents, for the cache key. */
  inputs: { path: string; content: string }[]
}

const maxBytes = 4 * 1024 * 1024
const maxPaths = 20_000
/** Files whose contents detection looks at. */
const looked = ['package.json', 'package-lock.json', 'requirements.txt', 'requirements-dev.txt', 'pyproject.toml', 'pytest.ini', 'tox.ini', 'setup.cfg', 'Makefile', 'makefile', 'GNUmakefile']

/** Reads only the files that decide something. */
export async function readEnvironment(repositories: Pick<Repositories, 'readFile' | 'listFiles'>, at: { repository: RepositoryRef; oid: string }): Promise<CommitEnvironment> {
  const read = (path: string): Promise<string | null> => repositories.readFile({ ...at, path, maxBytes })
  const [{ paths }, text] = await Promise.all([repositories.listFiles({ ...at, limit: maxPaths }), read('.slipway/environment.yaml')])
  const { environment: file, problems } = parseEnvironmentFile(text ?? '')
  const present = new Set(paths)
  const contents = new Map<string, string | null>()
  await Promise.all(looked.filter((path) => present.has(path)).map(async (path) => contents.set(path, await read(path))))
  const readLooked = (path: string): string | null => contents.get(path) ?? null
  const plan = detectSetup(file, paths, readLooked)
  const inputs = await Promise.all(plan.inputs.map(async (path) => ({ path, content: readLooked(path) ?? (await read(path)) ?? '' })))
  return { file, problems, plan, checks: detectChecks(file, paths, readLooked), inputs }
}
