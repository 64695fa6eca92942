// Whether a commit that says it contains the base really does: a second parent alone would take back what others have done.

import { listChanges, type TreeChange } from '@slipway/git/list-changes'
import { readObjects } from '@slipway/git/read-objects'
import { runGit } from '@slipway/git/run-git'
import { displayPath } from '../tree-policy/display-path.ts'

export interface MergeInput {
  gitDir: string
  environment: Record<string, string>
  /** The session's commit from before. */
  parentOid: string
  mergeOid: string
  oid: string
  signal: AbortSignal
}

const shownPaths = 10
const maxTextBytes = 2_000_000

/** What is wrong with the merge, in words; null: nothing. Files that the session never touched are as the base has them. */
export async function checkMerge(input: MergeInput): Promise<string | null> {
  const { gitDir, environment, parentOid, mergeOid, oid, signal } = input
  const found = await runGit({ args: ['merge-base', parentOid, mergeOid], gitDir, environment, signal })
  const common = { gitDir, environment, signal }
  const result = await listChanges({ ...common, from: mergeOid, to: oid })
  const fork = found.stdout.toString('latin1').split('\n')[0] ?? ''
  if (found.exitCode !== 0 || fork === '')
    return 'The base and this session have no history in common, so what was merged cannot be checked.'
  const own = new Set((await listChanges({ ...common, from: fork, to: parentOid })).map(({ path }) => path))
  const theirs = await listChanges({ ...common, from: fork, to: mergeOid })
  const lost = takenBack(theirs, result).filter((path) => !own.has(path))
  if (lost.length > 0)
    return `The commit would take back what the base has changed in ${shown(lost)}. Bring these files back as they are there: git checkout ${mergeOid.slice(0, 12)} -- <file> (or git rm, where the base has deleted it), and commit again.`
  const marked = await withMarks(input, result, await listChanges({ ...common, from: parentOid, to: oid }))
  if (marked.length === 0) return null
  return `There are marks of conflicts left in ${shown(marked)}. Take <<<<<<<, ======= and >>>>>>> out, keep what both sides meant, and commit again.`
}

/** Paths that are as they were before the others changed them. */
function takenBack(theirs: TreeChange[], result: TreeChange[]): string[] {
  const after = new Map(result.map((change) => [change.path, change]))
  return theirs.flatMap(({ path, oldMode, oldOid }) => {
    const now = after.get(path)
    return now !== undefined && now.newMode === oldMode && now.newOid === oldOid ? [path] : []
  })
}

/** Files that neither side has so, with both marks at the beginning of lines. */
async function withMarks(input: MergeInput, sinceBase: TreeChange[], sinceParent: TreeChange[]): Promise<string[]> {
  const changed = new Set(sinceParent.map(({ path }) => path))
  const files = sinceBase.filter(({ path, newMode }) => newMode.startsWith('100') && changed.has(path))
  const marked = new Set<string>()
  await readObjects({ ...input, oids: [...new Set(files.map(({ newOid }) => newOid))], maxBytes: maxTextBytes }, ({ oid, content }) => {
    const text = content?.toString('latin1') ?? ''
    if (/^<{7} /m.test(text) && /^>{7} /m.test(text)) marked.add(oid)
  })
  return files.flatMap(({ path, newOid }) => (marked.has(newOid) ? [path] : []))
}

function shown(paths: string[]): string {
  const names = paths.slice(0, shownPaths).map(displayPath).join(', ')
  return paths.length > shownPaths ? `${names} and ${paths.length - shownPaths} more` : names
}
