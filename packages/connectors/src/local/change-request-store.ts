// Change requests of a local repository, kept in the repository itself: `refs/slipway/change-requests/<number>` points at a JSON blob.
// A ref update is atomic and compares before it writes, so that numbers are never given twice and nothing is half written,
// also when two programs work at once or one is killed.

import { failure } from '@slipway/git/classify-git-failure'
import { nullObjectId } from '@slipway/git/object-id'
import { git, runGit } from '@slipway/git/run-git'
import { syncReference } from '@slipway/git/sync-reference'
import type { ForgeFailure } from '@slipway/core/ports'
import type { LocalRepository } from './local-repository.ts'

export interface ChangeRequestRecord {
  number: number
  branch: string
  base: string
  title: string
  body: string
  draft: boolean
  state: 'open' | 'merged' | 'closed'
  createdAt: string
  updatedAt: string
  /** Where the branch left the base when the change request was opened, later when it was merged. */
  forkOid: string
  /** Head of the branch when it was merged or closed; null before. */
  headOid: string | null
  labels?: string[]
  reviewers?: string[]
}

interface Stored {
  blob: string
  record: ChangeRequestRecord
}

const prefix = 'refs/slipway/change-requests/'

/** All records, newest first. */
export async function readRecords({ gitDir }: LocalRepository): Promise<ChangeRequestRecord[]> {
  return (await readAll(gitDir)).map(({ record }) => record)
}

/**
 * Adds what `draft` makes of the records that are there, under the next number; a `draft` that returns a record adds nothing.
 * `draft` is asked again when another program was faster, and then sees that one's record.
 */
export async function addRecord(
  { gitDir }: LocalRepository,
  draft: (records: ChangeRequestRecord[]) => { existing: ChangeRequestRecord } | { add: Omit<ChangeRequestRecord, 'number'> },
): Promise<{ record: ChangeRequestRecord; added: boolean }> {
  for (;;) {
    const records = (await readAll(gitDir)).map(({ record }) => record)
    const decided = draft(records)
    if ('existing' in decided) return { record: decided.existing, added: false }
    const record = { number: Math.max(0, ...records.map(({ number }) => number)) + 1, ...decided.add }
    const blob = await writeBlob(gitDir, record)
    if (await swap(gitDir, record.number, nullObjectId(blob), blob)) return { record, added: true }
    if (!(await refExists(gitDir, record.number)))
      throw new Error(`The change request could not be stored in ${gitDir}. Check that the folder is writable and not full.`)
  }
}

/** Replaces a record; `change` is asked again when another program changed it in the meantime. */
export async function changeRecord(
  { gitDir }: LocalRepository,
  number: number,
  change: (record: ChangeRequestRecord) => ChangeRequestRecord,
): Promise<{ ok: true; record: ChangeRequestRecord } | ForgeFailure> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const stored = (await readAll(gitDir)).find(({ record }) => record.number === number)
    if (!stored) return failure('not-found', `There is no change request ${number}.`)
    const record = change(stored.record)
    const blob = await writeBlob(gitDir, record)
    if (blob === stored.blob || (await swap(gitDir, number, stored.blob, blob))) return { ok: true, record }
  }
  return failure('conflict', `Change request ${number} could not be written. Check that ${gitDir} is writable and try again.`)
}

async function readAll(gitDir: string): Promise<Stored[]> {
  const listing = (await git({ args: ['for-each-ref', '--format=%(objectname)', prefix], gitDir })).toString('utf8')
  const blobs = listing.split('\n').filter((line) => line !== '')
  const stored = await Promise.all(blobs.map(async (blob) => ({ blob, record: await readBlob(gitDir, blob) })))
  return stored.sort((one, other) => other.record.number - one.record.number)
}

async function readBlob(gitDir: string, blob: string): Promise<ChangeRequestRecord> {
  // Written by this file alone, below a ref that git protects; trusted like our own database.
  return JSON.parse((await git({ args: ['cat-file', 'blob', blob], gitDir })).toString('utf8')) as ChangeRequestRecord
}

async function writeBlob(gitDir: string, record: ChangeRequestRecord): Promise<string> {
  return (await git({ args: ['hash-object', '-w', '--stdin'], gitDir, stdin: `${JSON.stringify(record, null, 2)}\n` }))
    .toString('utf8')
    .trim()
}

async function swap(gitDir: string, number: number, from: string, to: string): Promise<boolean> {
  const ref = `${prefix}${number}`
  const isSwapped = (await runGit({ args: ['update-ref', ref, to, from], gitDir })).exitCode === 0
  if (isSwapped) await syncReference(gitDir, ref)
  return isSwapped
}

async function refExists(gitDir: string, number: number): Promise<boolean> {
  return (await runGit({ args: ['show-ref', '--verify', '--quiet', `${prefix}${number}`], gitDir })).exitCode === 0
}
