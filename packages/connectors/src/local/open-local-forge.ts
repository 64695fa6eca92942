// The forge port for repositories on this disk: branches are pushed into the repository, change requests are kept in it.

import type { AssertHeld, ChangeRequest, Clock, Forge, ForgeFailure } from '@slipway/core/ports'
import { failure } from '@slipway/git/classify-git-failure'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { pushCommit } from '@slipway/git/push-commit'
import { addRecord, changeRecord, readRecords } from './change-request-store.ts'
import type { ChangeRequestRecord } from './change-request-store.ts'
import { describe, showChangeRequest } from './change-requests.ts'
import { branchOid, forkPoint, openLocalRepository } from './local-repository.ts'
import type { LocalRepository } from './local-repository.ts'

/** Implements `Forge` for `forge: 'local'`. `home` holds the mirrors and quarantines. */
export function openLocalForge({ home, clock }: { home: string; clock: Clock }): Forge {
  const now = () => new Date(clock.now()).toISOString()
  return {
    async prepare({ repository, signal }) {
      const prepared = await prepareMirror({ home, url: repository.url, base: repository.base, credential: null, signal })
      return prepared.ok ? { ok: true, baseBranch: prepared.baseBranch, baseOid: prepared.baseOid } : prepared
    },
    async push({ repository, sessionId, oid, branch, expectedOid, signal, assertHeld }) {
      const gitDir = await openQuarantine({ home, url: repository.url, sessionId })
      return pushCommit({ gitDir, url: repository.url, oid, branch, expectedOid, credential: null, signal, assertHeld })
    },
    async findChangeRequest({ repository, branch }) {
      const opened = await openLocalRepository(repository.url)
      if (!opened.ok) return opened
      const ofBranch = (await readRecords(opened.repository)).filter((record) => record.branch === branch)
      const record = ofBranch.find(({ state }) => state === 'open') ?? ofBranch[0]
      return { ok: true, changeRequest: record ? await summary(opened.repository, record) : null }
    },
    async openChangeRequest(input) {
      const opened = await openLocalRepository(input.repository.url)
      if (!opened.ok) return opened
      return openOne(opened.repository, input, now())
    },
    async updateChangeRequest({ repository, number, title, body, draft, assertHeld }) {
      const opened = await openLocalRepository(repository.url)
      if (!opened.ok) return opened
      const changed = await changeRecord(opened.repository, number, (record) => {
        assertHeld?.()
        return { ...record, title, body, draft, updatedAt: now() }
      })
      return changed.ok ? { ok: true, changeRequest: await summary(opened.repository, changed.record) } : changed
    },
    async markChangeRequest({ repository, number, labels, reviewers, assertHeld }) {
      const opened = await openLocalRepository(repository.url)
      if (!opened.ok) return opened
      const changed = await changeRecord(opened.repository, number, (record) => {
        assertHeld?.()
        return {
          ...record,
          labels: [...new Set([...(record.labels ?? []), ...labels])],
          reviewers: [...new Set([...(record.reviewers ?? []), ...reviewers])],
        }
      })
      return changed.ok ? { ok: true, missing: [] } : changed
    },
    async closeChangeRequest({ repository, number }) {
      const opened = await openLocalRepository(repository.url)
      if (!opened.ok) return opened
      const shown = await showChangeRequest({ path: repository.url, number })
      if (!shown.ok) return shown
      const { state, headOid } = shown.changeRequest
      if (state !== 'open') return { ok: true, changeRequest: toChangeRequest(shown.changeRequest) }
      const changed = await changeRecord(opened.repository, number, (record) =>
        record.state === 'open' ? { ...record, state: 'closed', headOid, updatedAt: now() } : record,
      )
      return changed.ok ? { ok: true, changeRequest: await summary(opened.repository, changed.record) } : changed
    },
  }
}

interface OpenInput {
  branch: string
  base: string
  title: string
  body: string
  draft: boolean
  assertHeld?: AssertHeld | undefined
}

async function openOne(
  repository: LocalRepository,
  { branch, base, title, body, draft, assertHeld }: OpenInput,
  at: string,
): Promise<{ ok: true; changeRequest: ChangeRequest; alreadyThere: boolean } | ForgeFailure> {
  const headOid = await branchOid(repository, branch)
  if (headOid === null)
    return failure('refused', `${branch} was not pushed to ${repository.path}, so there is nothing to open a change request for.`)
  const known = knownFor(await readRecords(repository), branch, headOid)
  if (known) return { ok: true, changeRequest: await summary(repository, known), alreadyThere: true }
  const baseOid = await branchOid(repository, base)
  if (baseOid === null) return failure('not-found', `${repository.path} has no branch ${base} to merge into.`)
  const forkOid = await forkPoint(repository.gitDir, baseOid, headOid)
  if (forkOid === null) return failure('refused', `${branch} and ${base} share no history.`)
  if (forkOid === headOid) return failure('refused', `${branch} has no commit that ${base} does not have.`)
  const stored = await addRecord(repository, (records) => {
    const existing = knownFor(records, branch, headOid)
    if (existing) return { existing }
    assertHeld?.()
    return { add: { branch, base, title, body, draft, state: 'open', createdAt: at, updatedAt: at, forkOid, headOid: null } }
  })
  return { ok: true, changeRequest: await summary(repository, stored.record), alreadyThere: !stored.added }
}

/** The open one of the branch, or the one that merged exactly this commit. */
function knownFor(records: ChangeRequestRecord[], branch: string, headOid: string): ChangeRequestRecord | undefined {
  return records.find(
    (record) => record.branch === branch && (record.state === 'open' || (record.state === 'merged' && record.headOid === headOid)),
  )
}

async function summary(repository: LocalRepository, record: ChangeRequestRecord): Promise<ChangeRequest> {
  return toChangeRequest(await describe(repository, record))
}

function toChangeRequest({ number, url, branch, base, draft, state, title }: ChangeRequest): ChangeRequest {
  return { number, url, branch, base, draft, state, title }
}
