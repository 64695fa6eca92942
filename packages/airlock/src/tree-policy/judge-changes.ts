// The tree policy on records alone: kinds, modes, sizes, number.

import type { TreeChange } from '@slipway/git/list-changes'
import { judgeName } from './judge-name.ts'
import { judgeProtectedPath } from './protected-paths.ts'
import { forbid } from './ruling.ts'
import type { Ruling } from './ruling.ts'

export interface TreeLimits {
  /** Inflated size of one file. */
  maxFileBytes: number
  maxChangedFiles: number
}

export const nowhere = '000000'
export const symlinkMode = '120000'
const submoduleMode = '160000'
const allowedModes = new Set(['100644', '100755', symlinkMode, submoduleMode, nowhere])

/** Rulings that need no file contents, on what one commit or the whole session changes. */
export function judgeChanges(changes: readonly TreeChange[], bytesOf: (oid: string) => number | undefined, limits: TreeLimits): Ruling[] {
  const rulings = changes.flatMap((change) => [...judgeKind(change), ...judgeAddedName(change), ...judgeSize(change, bytesOf, limits)])
  if (changes.length > limits.maxChangedFiles) {
    rulings.unshift(tooManyFiles(`${changes.length} files change, more than the ${limits.maxChangedFiles} that are allowed`))
  }
  return rulings
}

export function tooManyFiles(what: string): Ruling {
  return forbid(
    'too-many-files',
    '',
    `${what}. Installed packages or build results may have slipped in: add them to .gitignore and remove them from the commit.`,
  )
}

/** Warnings on the final difference. */
export function judgeProtectedPaths(changes: readonly TreeChange[]): Ruling[] {
  return changes.flatMap(({ path }) => judgeProtectedPath(path))
}

function judgeKind({ path, oldMode, newMode }: TreeChange): Ruling[] {
  if (oldMode === submoduleMode || newMode === submoduleMode) {
    return [
      forbid(
        'submodule',
        path,
        'A submodule is added, changed or removed, or a folder with a git repository of its own was committed. Remove its .git folder or leave it out (git rm --cached), and keep submodules as they are.',
      ),
    ]
  }
  if (!allowedModes.has(newMode))
    return [forbid('mode', path, `The file mode ${newMode} is not one of git's own. Commit it as an ordinary or executable file.`)]
  return []
}

function judgeAddedName({ path, isUtf8, oldMode, newMode }: TreeChange): Ruling[] {
  return oldMode === nowhere && newMode !== nowhere ? judgeName(path, isUtf8) : []
}

function judgeSize(
  { path, newMode, newOid }: TreeChange,
  bytesOf: (oid: string) => number | undefined,
  { maxFileBytes }: TreeLimits,
): Ruling[] {
  if (newMode === nowhere || newMode === submoduleMode) return []
  const bytes = bytesOf(newOid)
  if (bytes === undefined || bytes <= maxFileBytes) return []
  return [
    forbid(
      'file-too-large',
      path,
      `The file has ${Math.ceil(bytes / 1e6)} MB; ${Math.floor(maxFileBytes / 1e6)} MB are allowed. Leave it out of the commit, also out of earlier commits of this session.`,
    ),
  ]
}
