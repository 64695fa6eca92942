// What differs between commits, as records with modes and object ids. See git-diff-tree(1), "Raw output format".

import { git } from './run-git.ts'
import { isObjectId, requireObjectId } from './object-id.ts'

export interface TreeChange {
  path: string
  /** False when the name is not valid UTF-8; `path` then shows replacement characters. */
  isUtf8: boolean
  /** As git prints it, such as `100644`; `000000`: not there. */
  oldMode: string
  newMode: string
  oldOid: string
  newOid: string
}

export interface ChangesInput {
  gitDir: string
  from: string
  to: string
  environment?: Record<string, string>
  signal?: AbortSignal
}

/** Changes from one commit's tree to the other's. */
export async function listChanges(input: ChangesInput): Promise<TreeChange[]> {
  const args = ['diff-tree', ...rawOptions, requireObjectId(input.from), requireObjectId(input.to)]
  return parseRaw(await git({ args, ...common(input), maxOutputBytes: 256 * 1024 * 1024 }))
}

/** Changes that each single commit after `from` up to `to` makes against each of its parents. What a merge brings from `from` is none. */
export async function listHistoryChanges(input: ChangesInput): Promise<TreeChange[]> {
  const commits = await listCommits(input)
  const changes = await changesOf(input, commits)
  const hasMerges = (await listCommits({ ...input, options: ['--min-parents=2', '--max-count=1'] })).length > 0
  if (!hasMerges) return changes
  const base = await readEntries(input, input.from)
  return changes.filter(
    ({ path, newMode, newOid }) => (base.get(path) ?? nothing) !== (newMode === absent ? nothing : `${newMode} ${newOid}`),
  )
}

const absent = '000000'
const nothing = ''

async function readEntries(input: ChangesInput, oid: string): Promise<Map<string, string>> {
  const listing = await git({ args: ['ls-tree', '-r', '-z', requireObjectId(oid)], ...common(input), maxOutputBytes: 512 * 1024 * 1024 })
  return new Map(
    [...splitAtNul(listing)].map((record) => {
      const tab = record.indexOf(9)
      const [mode = '', , blob = ''] = record.toString('latin1', 0, tab).split(' ')
      return [decodeName(record.subarray(tab + 1)).path, `${mode} ${blob}`]
    }),
  )
}

async function changesOf(input: ChangesInput, commits: string[]): Promise<TreeChange[]> {
  const args = ['diff-tree', '--stdin', '-m', '--root', '--no-commit-id', ...rawOptions]
  return parseRaw(
    await git({ args, ...common(input), stdin: commits.map((oid) => `${oid}\n`).join(''), maxOutputBytes: 256 * 1024 * 1024 }),
  )
}

/** Commits reachable from `to` but not from `from`, newest first. */
export async function listCommits(input: ChangesInput & { options?: string[] }): Promise<string[]> {
  const args = ['rev-list', ...(input.options ?? []), requireObjectId(input.to), `^${requireObjectId(input.from)}`]
  return (await git({ args, ...common(input) })).toString('latin1').split('\n').filter(isObjectId)
}

const rawOptions = ['-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv']

function common({ gitDir, environment, signal }: ChangesInput) {
  return { gitDir, ...(environment ? { environment } : {}), ...(signal ? { signal } : {}) }
}

function parseRaw(output: Buffer): TreeChange[] {
  const changes: TreeChange[] = []
  let meta: string[] | null = null
  for (const field of splitAtNul(output)) {
    if (meta === null) {
      meta = field.toString('latin1').replace(/^:/, '').split(' ')
      continue
    }
    const [oldMode = '', newMode = '', oldOid = '', newOid = ''] = meta
    changes.push({ ...decodeName(field), oldMode, newMode, oldOid, newOid })
    meta = null
  }
  return changes
}

export function* splitAtNul(bytes: Buffer): Generator<Buffer> {
  let start = 0
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    yield bytes.subarray(start, end)
    start = end + 1
  }
}

export function decodeName(bytes: Buffer): { path: string; isUtf8: boolean } {
  const path = bytes.toString('utf8')
  return { path, isUtf8: Buffer.from(path).equals(bytes) }
}
