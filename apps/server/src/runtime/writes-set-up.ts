// Whether a commit brings its own code into the set-up, where there is a network that the agent otherwise does not have.

import { judgePackageScripts, judgeProtectedPath, scriptsOf } from '@slipway/airlock/tree-policy/protected-paths'
import { listChanges, type TreeChange } from '@slipway/git/list-changes'
import { readBlob } from '@slipway/git/open-repositories'
import { type SetupPlan, wantedFiles } from '@slipway/sandbox/setup/detect'
import { ENVIRONMENT_PATH } from '@slipway/sandbox/setup/environment'

export interface SetUpChange {
  gitDir: string
  baseOid: string
  oid: string
  before: SetupPlan
  after: SetupPlan
  signal: AbortSignal
}

const maxBytes = 1_000_000

/**
 * True when the commit changes the set-up commands that the repository names, a file that one of them names, a script that
 * packages run by themselves, or where packages come from. Other packages alone are no code of its own.
 * Code that is reached without being named is not seen.
 */
export async function writesSetUp({ gitDir, baseOid, oid, before, after, signal }: SetUpChange): Promise<boolean> {
  const isNamed = [before, after].some(({ origin }) => origin === ENVIRONMENT_PATH)
  if (isNamed && before.commands.join('\n') !== after.commands.join('\n')) return true
  const changes = await listChanges({ gitDir, from: baseOid, to: oid, signal })
  if (changes.some(({ path }) => runsAtInstallation(path) || changesRegistry(path) || (isNamed && isRunBy(after.commands, path))))
    return true
  const scripts = await Promise.all(changes.filter(({ path }) => /(?:^|\/)(?:package|composer)\.json$/i.test(path)).map(changesScripts))
  return scripts.includes(true)

  async function changesScripts({ path, newMode }: TreeChange): Promise<boolean> {
    if (newMode === '000000') return false
    const [old, now] = await Promise.all([baseOid, oid].map((commit) => readBlob({ gitDir, oid: commit, path, maxBytes })))
    if (path.toLowerCase().endsWith('composer.json'))
      return JSON.stringify(scriptsOf(old ?? '{}')) !== JSON.stringify(scriptsOf(now ?? '{}'))
    return judgePackageScripts(path, old ?? null, now ?? '{}').length > 0
  }
}

/** A file that a package manager executes, whatever is in it. */
function runsAtInstallation(path: string): boolean {
  return /(?:^|\/)(?:setup\.py|binding\.gyp|[^/]+\.gemspec)$/i.test(path)
}

/** By name, wherever it lies. Manifests are named too, but choose packages only. */
function isRunBy(commands: string[], path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (/^(?:gnu)?makefile$/i.test(name)) return commands.some((command) => /\bmake\b/.test(command))
  return !/^requirements[\w.-]*\.txt$/.test(name) && wantedFiles([name]).length === 0 && commands.some((command) => command.includes(name))
}

function changesRegistry(path: string): boolean {
  return judgeProtectedPath(path).some(({ finding }) => finding.rule === 'package-registry')
}
