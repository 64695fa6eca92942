// Which commands prove a commit. Those of the base count, so that an agent cannot weaken its own checks; changes to them are said.

import type { RepositoryRef } from '@slipway/core/events'
import { listChanges } from '@slipway/git/list-changes'
import { listBlobs, readBlob } from '@slipway/git/open-repositories'
import { scriptsOf } from '../tree-policy/protected-paths.ts'
import type { FindChecks } from './verification-ports.ts'

export interface ChosenChecks {
  commands: string[]
  /** What a reader of the receipts should know about where the checks come from. */
  note: string | null
}

export interface ChooseInput {
  gitDir: string
  repository: RepositoryRef
  baseOid: string
  oid: string
  checks: string[]
  findChecks: FindChecks
  signal: AbortSignal
}

const maxFileBytes = 1_000_000
/** Files in which the meaning of a check is written down. */
const definitions =
  /^(?:Makefile|GNUmakefile|makefile|justfile|Taskfile\.ya?ml|pyproject\.toml|tox\.ini|noxfile\.py|pytest\.ini|setup\.cfg|conftest\.py|(?:vitest|jest|karma)\.config\.[a-z]+|\.mocharc.*|deno\.jsonc?)$|^\.slipway\//

/** The caller's checks, else those of the base, else (for a repository that had none) those of the commit. */
export async function chooseChecks(input: ChooseInput): Promise<ChosenChecks> {
  const changed = await changedDefinitions(input)
  const changedNote = changed.length > 0 ? `This commit also changes ${changed.join(', ')}, where checks are defined.` : null
  if (input.checks.length > 0) return { commands: input.checks, note: changedNote }
  const [before, after] = await Promise.all([checksAt(input, input.baseOid), checksAt(input, input.oid)])
  if (before.length === 0) {
    return { commands: after, note: after.length > 0 ? 'The base commit has no checks; these come from the commit itself.' : null }
  }
  const differs = before.join('\n') !== after.join('\n')
  return {
    commands: before,
    note: differs
      ? `This commit changes how it is checked; the checks of the base commit were run. ${changedNote ?? ''}`.trim()
      : changedNote,
  }
}

function checksAt({ findChecks, repository, gitDir }: ChooseInput, oid: string): Promise<string[]> {
  return findChecks({
    repository,
    oid,
    readFile: (path) => readBlob({ gitDir, oid, path, maxBytes: maxFileBytes }),
    listFiles: async (limit) => (await listBlobs({ gitDir, oid, limit })).paths,
  })
}

async function changedDefinitions({ gitDir, baseOid, oid, signal }: ChooseInput): Promise<string[]> {
  const paths = (await listChanges({ gitDir, from: baseOid, to: oid, signal })).map(({ path }) => path)
  const named = paths.filter((path) => definitions.test(path))
  if (!paths.includes('package.json')) return named
  const [before, after] = await Promise.all(
    [baseOid, oid].map((commit) => readBlob({ gitDir, oid: commit, path: 'package.json', maxBytes: maxFileBytes })),
  )
  const isSame = JSON.stringify(scriptsOf(before ?? '{}')) === JSON.stringify(scriptsOf(after ?? '{}'))
  return isSame ? named : ['the scripts of package.json', ...named]
}
