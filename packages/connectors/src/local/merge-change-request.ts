// A person's merge into the base branch of a local repository. The merge is made in a scratch repository of our own that only
// borrows the objects, so that no merge driver or hook of the repository runs, and arrives by a push that compares and swaps.

import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, ForgeFailure } from '@slipway/core/ports'
import { ensureBareRepository } from '@slipway/git/bare-repository'
import { classifyGitFailure, failure } from '@slipway/git/classify-git-failure'
import { objectFormatOf } from '@slipway/git/object-id'
import { pushToBranch } from '@slipway/git/push-commit'
import { gitText, runGit } from '@slipway/git/run-git'
import { changeRecord } from './change-request-store.ts'
import { showChangeRequest } from './change-requests.ts'
import type { LocalChangeRequest } from './change-requests.ts'
import { branchOid, checkedOutIn, isAncestor, openLocalRepository } from './local-repository.ts'
import type { LocalRepository } from './local-repository.ts'

export interface MergeChangeRequestInput {
  /** Slipway's home folder, for the scratch repository. */
  home: string
  path: string
  number: number
  clock: Clock
  /** Who merges; used when a merge commit is needed. */
  merger: { name: string; email: string }
  signal?: AbortSignal
}

export type MergeResult = { ok: true; mergedOid: string; fastForward: boolean } | ForgeFailure

/**
 * Fast-forwards the base when that is possible, else makes a merge commit. Never touches a work tree: when the base is checked out
 * somewhere, it refuses and names the command to type there.
 */
export async function mergeChangeRequest(input: MergeChangeRequestInput): Promise<MergeResult> {
  const opened = await openLocalRepository(input.path)
  if (!opened.ok) return opened
  const shown = await showChangeRequest(input)
  if (!shown.ok) return shown
  const ready = await readyToMerge(opened.repository, shown.changeRequest)
  if (!ready.ok) return ready
  const scratch = join(input.home, 'merges', `${randomUUID()}.git`)
  try {
    await ensureBareRepository(scratch, {
      objectFormat: objectFormatOf(ready.headOid),
      borrowFrom: [join(opened.repository.gitDir, 'objects')],
    })
    const merged = await mergeIn(scratch, ready, shown.changeRequest, input)
    if (!merged.ok) return merged
    const pushed = await pushToBranch({
      gitDir: scratch,
      url: opened.repository.path,
      oid: merged.oid,
      branch: shown.changeRequest.base,
      expectedOid: ready.baseOid,
      credential: null,
      ...(input.signal ? { signal: input.signal } : {}),
    })
    if (!pushed.ok) return pushed
    const updatedAt = new Date(input.clock.now()).toISOString()
    const { forkOid } = shown.changeRequest
    // A crash before this line leaves a record that still reads as merged, because the base contains the branch.
    await changeRecord(opened.repository, input.number, (record) => ({
      ...record,
      state: 'merged',
      headOid: ready.headOid,
      forkOid,
      updatedAt,
    }))
    return { ok: true, mergedOid: merged.oid, fastForward: merged.oid === ready.headOid }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

interface Ready {
  ok: true
  headOid: string
  baseOid: string
}

async function readyToMerge(
  repository: LocalRepository,
  { number, state, draft, branch, base, headOid }: LocalChangeRequest,
): Promise<Ready | ForgeFailure> {
  if (state !== 'open') return failure('refused', `Change request ${number} is ${state} already.`)
  if (draft)
    return failure(
      'refused',
      `Change request ${number} is a draft: its checks did not all pass. Look at it, and merge the branch by hand if you want it: git merge ${branch}`,
    )
  if (headOid === null) return failure('not-found', `The branch ${branch} was deleted.`)
  const baseOid = await branchOid(repository, base)
  if (baseOid === null) return failure('not-found', `The base branch ${base} is not there any more.`)
  const workTree = await checkedOutIn(repository, base)
  if (workTree !== null) {
    return failure(
      'refused',
      `${base} is checked out in ${workTree}, and Slipway does not change your work tree. Type: git -C ${quoted(workTree)} merge ${branch}\nThe change request then counts as merged.`,
    )
  }
  return { ok: true, headOid, baseOid }
}

async function mergeIn(
  scratch: string,
  { headOid, baseOid }: Ready,
  request: LocalChangeRequest,
  input: MergeChangeRequestInput,
): Promise<{ ok: true; oid: string } | ForgeFailure> {
  if (await isAncestor(scratch, baseOid, headOid)) return { ok: true, oid: headOid }
  const tree = await runGit({ args: ['merge-tree', '--write-tree', '--name-only', '--no-messages', baseOid, headOid], gitDir: scratch })
  if (tree.exitCode === 1) {
    const files = tree.stdout
      .toString('utf8')
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
    return failure(
      'conflict',
      `${request.branch} and ${request.base} change the same lines in ${files.join(', ')}. Let a session bring the branch up to date, or merge by hand.`,
    )
  }
  if (tree.exitCode !== 0) return classifyGitFailure(tree, `Merging ${request.branch}`)
  const date = `${Math.floor(input.clock.now() / 1000)} +0000`
  const oid = await gitText({
    args: [
      'commit-tree',
      '-p',
      baseOid,
      '-p',
      headOid,
      '-m',
      `Merge change request ${request.number}: ${request.title}`,
      tree.stdout.toString('utf8').trim(),
    ],
    gitDir: scratch,
    environment: {
      GIT_AUTHOR_NAME: input.merger.name,
      GIT_AUTHOR_EMAIL: input.merger.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: input.merger.name,
      GIT_COMMITTER_EMAIL: input.merger.email,
      GIT_COMMITTER_DATE: date,
    },
  })
  return { ok: true, oid }
}

function quoted(path: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
