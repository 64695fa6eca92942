// Collects what the tree policy needs from the quarantine and asks its rules. Reads object by object; nothing is checked out.

import type { PolicyFinding } from '@slipway/core/events'
import { countFiles } from '@slipway/git/count-files'
import { decodeName, listChanges, listCommits, listHistoryChanges, splitAtNul } from '@slipway/git/list-changes'
import type { TreeChange } from '@slipway/git/list-changes'
import { describeObjects, readObjects } from '@slipway/git/read-objects'
import { git } from '@slipway/git/run-git'
import { judgeChanges, judgeProtectedPaths, nowhere, symlinkMode, tooManyFiles } from './judge-changes.ts'
import type { TreeLimits } from './judge-changes.ts'
import { judgeCollisions } from './judge-collisions.ts'
import { judgeSymlinks } from './judge-symlinks.ts'
import type { Symlinks } from './judge-symlinks.ts'
import { judgeText } from './judge-text.ts'
import { judgePackageScripts } from './protected-paths.ts'
import { condense } from './ruling.ts'
import type { Ruling } from './ruling.ts'

export interface JudgeInput {
  gitDir: string
  environment?: Record<string, string>
  baseOid: string
  oid: string
  limits: TreeLimits
  signal?: AbortSignal
}

const shownFindings = 50
const maxTextBytes = 2_000_000
/** No repository that can be worked on has more. */
const mostFiles = 5_000_000

/** What forbids the commit and what a person should see. Only what differs from the base is judged, in the result and on the way to it. */
export async function judgeCommit(input: JudgeInput): Promise<{ forbidden: PolicyFinding[]; warnings: PolicyFinding[] }> {
  const range = { ...input, from: input.baseOid, to: input.oid }
  if (await isSwollen(input, await listCommits(range)))
    return condense([tooManyFiles(`More than ${input.limits.maxChangedFiles} files are added`)], shownFindings)
  const [changes, history] = [await listChanges(range), await listHistoryChanges(range)]
  const everything = unique([...changes, ...history])
  const bytes = await sizesOf(input, everything)
  const first = judgeChanges(everything, (oid) => bytes.get(oid), input.limits)
  // Contents are looked at only when sizes and number are within bounds.
  if (first.some(({ finding }) => finding.rule === 'too-many-files' || finding.rule === 'file-too-large'))
    return condense(first, shownFindings)
  const tree = await readTree(input, input.oid)
  const added = changes.filter(({ oldMode, newMode }) => oldMode === nowhere && newMode !== nowhere).map(({ path }) => path)
  return condense(
    [
      ...first,
      ...judgeCollisions(
        added,
        tree.map(({ path }) => path),
      ),
      ...(await judgeLinks(input, tree, everything)),
      ...judgeProtectedPaths(changes),
      ...(await judgeContents(input, changes)),
    ],
    shownFindings,
  )
}

/** Whether a commit has more files than a session may add. git would hold every difference in memory before it tells the first. */
async function isSwollen(input: JudgeInput, commits: string[]): Promise<boolean> {
  const limit = (await countFiles({ ...input, oid: input.baseOid, limit: mostFiles })) + input.limits.maxChangedFiles
  for (const oid of new Set([input.oid, ...commits])) if ((await countFiles({ ...input, oid, limit })) > limit) return true
  return false
}

function unique(changes: TreeChange[]): TreeChange[] {
  const seen = new Map(
    changes.map((change) => [`${change.path}\0${change.newMode}\0${change.newOid}\0${change.oldMode === nowhere}`, change]),
  )
  return [...seen.values()]
}

async function sizesOf(input: JudgeInput, changes: TreeChange[]): Promise<Map<string, number>> {
  const oids = [
    ...new Set(changes.filter(({ newMode }) => newMode.startsWith('10') || newMode === symlinkMode).map(({ newOid }) => newOid)),
  ]
  return new Map((await describeObjects({ ...input, oids })).map(({ oid, bytes }) => [oid, bytes]))
}

interface TreeEntry {
  path: string
  mode: string
  oid: string
}

async function readTree(input: JudgeInput, oid: string): Promise<TreeEntry[]> {
  const listing = await git({
    args: ['ls-tree', '-r', '-z', oid],
    gitDir: input.gitDir,
    maxOutputBytes: 512 * 1024 * 1024,
    ...(input.environment ? { environment: input.environment } : {}),
  })
  return [...splitAtNul(listing)].map((record) => {
    const tab = record.indexOf(9)
    const [mode = '', , blob = ''] = record.toString('latin1', 0, tab).split(' ')
    return { path: decodeName(record.subarray(tab + 1)).path, mode, oid: blob }
  })
}

async function judgeLinks(input: JudgeInput, tree: TreeEntry[], changes: TreeChange[]): Promise<Ruling[]> {
  if (!changes.some(({ oldMode, newMode }) => oldMode === symlinkMode || newMode === symlinkMode)) return []
  const after = await readLinks(input, tree)
  const rulings = judgeSymlinks(await readLinks(input, await readTree(input, input.baseOid)), after)
  // A link that a later commit took away again is still in the history that is published.
  const passing = changes
    .filter(({ path, newMode }) => newMode === symlinkMode && !after.has(path))
    .map(({ path, newMode, newOid }) => ({ path, mode: newMode, oid: newOid }))
  return [...rulings, ...judgeSymlinks(new Map(), await readLinks(input, passing))]
}

async function readLinks(input: JudgeInput, tree: TreeEntry[]): Promise<Symlinks> {
  const entries = tree.filter(({ mode }) => mode === symlinkMode)
  const targets = new Map<string, string>()
  await readObjects({ ...input, oids: [...new Set(entries.map(({ oid }) => oid))], maxBytes: 8192 }, ({ oid, content }) => {
    // Longer than any system's limit for a path: judged as leading out.
    targets.set(oid, content === null ? '/' : content.toString('utf8'))
  })
  return new Map(entries.map(({ path, oid }) => [path, targets.get(oid) ?? '/']))
}

async function judgeContents(input: JudgeInput, changes: TreeChange[]): Promise<Ruling[]> {
  const files = changes.filter(({ newMode }) => newMode.startsWith('100'))
  const oids = [...new Set(files.flatMap(({ oldMode, oldOid, newOid }) => (oldMode.startsWith('100') ? [oldOid, newOid] : [newOid])))]
  const special = new Map<string, string>()
  const isPackage = new Set(files.filter(({ path }) => isPackageFile(path)).flatMap(({ oldOid, newOid }) => [oldOid, newOid]))
  // Only texts that could matter are kept, so that a large change does not fill the memory.
  await readObjects({ ...input, oids, maxBytes: maxTextBytes }, ({ oid, content }) => {
    if (content === null || content.subarray(0, 8000).includes(0)) return
    if (isPackage.has(oid) || mayHideText(content)) special.set(oid, content.toString('utf8'))
  })
  return files.flatMap(({ path, oldOid, newOid }) => {
    const after = special.get(newOid)
    if (after === undefined) return []
    const before = special.get(oldOid) ?? null
    return [...judgeText(path, before, after), ...(isPackageFile(path) ? judgePackageScripts(path, before, after) : [])]
  })
}

function isPackageFile(path: string): boolean {
  return /(?:^|\/)package\.json$/i.test(path)
}

/** Whether a byte starts one of the sequences that `judgeText` looks for. */
function mayHideText(content: Buffer): boolean {
  return (
    content.includes('\u00e2\u0080', 0, 'latin1') ||
    content.includes('\u00e2\u0081', 0, 'latin1') ||
    content.includes('\u00e1\u00a0', 0, 'latin1') ||
    content.includes('\u00f3\u00a0', 0, 'latin1') ||
    content.includes('\u00ef\u00bb\u00bf', 0, 'latin1')
  )
}
