// What changed in a session's files between two moments, with a patch for each file, up to a bound.

import { compareTrees, type FileDifference } from './compare-trees.ts'
import { makePatch } from './make-patch.ts'
import { MAX_FILE_BYTES, type SessionTree } from './session-trees.ts'

const MAX_FILES = 1_000
/** Of all patches together; later files are listed without one. */
const MAX_PATCH_CHARS = 4_000_000

export interface FileChange {
  path: string
  oldPath: string | null
  status: FileDifference['status']
  added: number
  removed: number
  isBinary: boolean
  /** null: too large to be shown, or too much altogether. */
  patch: string | null
}

/** Ascending by path; `total` counts the files that were left out too. */
export async function sessionChanges(input: {
  from: SessionTree
  to: SessionTree
  context: number
}): Promise<{ files: FileChange[]; total: number }> {
  const all = compareTrees(input.from.files, input.to.files)
  const shown = all.slice(0, MAX_FILES)
  const [before, after] = await Promise.all([
    input.from.read(shown.flatMap(({ before: file }) => (file ? [file.oid] : []))),
    input.to.read(shown.flatMap(({ after: file }) => (file ? [file.oid] : []))),
  ])
  let chars = 0
  const files = shown.map((difference): FileChange => {
    const { path, oldPath, status } = difference
    const left = contentOf(difference.before, before)
    const right = contentOf(difference.after, after)
    if (left === 'too-large' || right === 'too-large' || chars > MAX_PATCH_CHARS)
      return { path, oldPath, status, added: 0, removed: 0, isBinary: false, patch: null }
    const made = makePatch({ path, oldPath, before: left, after: right, context: input.context })
    chars += made.patch.length
    return { path, oldPath, status, ...made }
  })
  return { files, total: all.length }
}

function contentOf(file: FileDifference['before'], contents: Map<string, Uint8Array>): Uint8Array | 'too-large' | null {
  if (file === null) return null
  if (file.bytes > MAX_FILE_BYTES) return 'too-large'
  return contents.get(file.oid) ?? 'too-large'
}
