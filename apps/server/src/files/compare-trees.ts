// What differs between two trees, by object id; contents are not needed for it.

import type { TreeFile } from '@slipway/core/ports'

export type FileStatus = 'added' | 'removed' | 'changed' | 'renamed'

export interface FileDifference {
  path: string
  /** Where it was before, when it was renamed. */
  oldPath: string | null
  status: FileStatus
  before: TreeFile | null
  after: TreeFile | null
}

/** Ascending by path. A file that went and one that came with the same contents are one that was renamed. */
export function compareTrees(before: readonly TreeFile[], after: readonly TreeFile[]): FileDifference[] {
  const old = new Map(before.map((file) => [file.path, file]))
  const differences: FileDifference[] = []
  const added: TreeFile[] = []
  for (const file of after) {
    const was = old.get(file.path)
    old.delete(file.path)
    if (was === undefined) added.push(file)
    else if (was.oid !== file.oid || was.mode !== file.mode)
      differences.push({ path: file.path, oldPath: null, status: 'changed', before: was, after: file })
  }
  const removed = Map.groupBy(old.values(), ({ oid }) => oid)
  for (const file of added) {
    const from = file.bytes > 0 ? removed.get(file.oid)?.shift() : undefined
    differences.push({
      path: file.path,
      oldPath: from?.path ?? null,
      status: from === undefined ? 'added' : 'renamed',
      before: from ?? null,
      after: file,
    })
  }
  for (const file of [...removed.values()].flat())
    differences.push({ path: file.path, oldPath: null, status: 'removed', before: file, after: null })
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1))
}
