// What a person does with the change requests of a local repository: list, show, see the difference.

import { pathToFileURL } from 'node:url'
import type { ChangeRequest, ForgeFailure } from '@slipway/core/ports'
import { classifyGitFailure, failure } from '@slipway/git/classify-git-failure'
import { runGit } from '@slipway/git/run-git'
import { readRecords } from './change-request-store.ts'
import type { ChangeRequestRecord } from './change-request-store.ts'
import { branchOid, forkPoint, isAncestor, openLocalRepository } from './local-repository.ts'
import type { LocalRepository } from './local-repository.ts'

export interface LocalChangeRequest extends ChangeRequest {
  body: string
  /** Newest commit of the branch; null when the branch was deleted without a merge. */
  headOid: string | null
  forkOid: string
  createdAt: string
  updatedAt: string
}

/** All change requests of the repository at `path`, newest first. */
export async function listChangeRequests({
  path,
}: {
  path: string
}): Promise<{ ok: true; changeRequests: LocalChangeRequest[] } | ForgeFailure> {
  const opened = await openLocalRepository(path)
  if (!opened.ok) return opened
  const records = await readRecords(opened.repository)
  return { ok: true, changeRequests: await Promise.all(records.map((record) => describe(opened.repository, record))) }
}

export async function showChangeRequest({
  path,
  number,
}: {
  path: string
  number: number
}): Promise<{ ok: true; changeRequest: LocalChangeRequest } | ForgeFailure> {
  const opened = await openLocalRepository(path)
  if (!opened.ok) return opened
  const record = (await readRecords(opened.repository)).find((found) => found.number === number)
  if (!record) return failure('not-found', `${path} has no change request ${number}.`)
  return { ok: true, changeRequest: await describe(opened.repository, record) }
}

/** Unified diff of what the change request adds to its base, cut at `maxBytes`. */
export async function diffChangeRequest(input: {
  path: string
  number: number
  maxBytes: number
}): Promise<{ ok: true; diff: string; truncated: boolean } | ForgeFailure> {
  const opened = await openLocalRepository(input.path)
  if (!opened.ok) return opened
  const shown = await showChangeRequest(input)
  if (!shown.ok) return shown
  const { headOid, forkOid, branch } = shown.changeRequest
  if (headOid === null) return failure('not-found', `The branch ${branch} of change request ${input.number} was deleted.`)
  const result = await runGit({
    args: ['diff-tree', '-r', '-p', '--no-ext-diff', '--no-textconv', '--no-color', '--find-renames', forkOid, headOid],
    gitDir: opened.repository.gitDir,
    maxOutputBytes: input.maxBytes,
  })
  if (result.exitCode !== 0 && result.killed !== 'output-limit') return classifyGitFailure(result, `Comparing ${branch} with its base`)
  return { ok: true, diff: new TextDecoder().decode(result.stdout), truncated: result.killed === 'output-limit' }
}

/** A record as it stands now: one whose commits are in the base counts as merged, whoever merged them. */
export async function describe(repository: LocalRepository, record: ChangeRequestRecord): Promise<LocalChangeRequest> {
  const { number, branch, base, title, body, draft, createdAt, updatedAt } = record
  const common = {
    number,
    branch,
    base,
    title,
    body,
    draft,
    createdAt,
    updatedAt,
    url: `${pathToFileURL(repository.path).href}#change-request-${number}`,
  }
  if (record.state !== 'open')
    return { ...common, state: record.state, headOid: record.headOid ?? (await branchOid(repository, branch)), forkOid: record.forkOid }
  const [headOid, baseOid] = await Promise.all([branchOid(repository, branch), branchOid(repository, base)])
  if (headOid === null || baseOid === null) return { ...common, state: 'open', headOid, forkOid: record.forkOid }
  if (await isAncestor(repository.gitDir, headOid, baseOid)) return { ...common, state: 'merged', headOid, forkOid: record.forkOid }
  return { ...common, state: 'open', headOid, forkOid: (await forkPoint(repository.gitDir, baseOid, headOid)) ?? record.forkOid }
}
