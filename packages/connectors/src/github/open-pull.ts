// Opens a pull request at most once: looks first, posts once, and looks again when the answer is lost.

import type { ForgeFailure } from '@slipway/core/ports'
import type { GithubClient } from './github-client.ts'
import type { ApiFailure } from './github-failure.ts'
import type { GithubPull } from './github-shapes.ts'
import { fitBody, fitTitle, withDraftNote } from './pull-text.ts'

export interface PullRequestText {
  slug: string
  branch: string
  base: string
  title: string
  body: string
  draft: boolean
}

export type OpenedPull = { ok: true; pull: GithubPull; alreadyThere: boolean } | ForgeFailure

/**
 * An open pull request of the branch counts as this one, whatever its base: a maintainer may have changed it.
 * So does one that merged exactly this commit: an earlier call opened it, and somebody was quick.
 */
export async function openPull(client: GithubClient, input: PullRequestText, signal: AbortSignal): Promise<OpenedPull> {
  const ref = await client.getRef(input, signal)
  if (!ref.ok) return ref.failure
  const headOid = ref.value
  if (headOid === null)
    return refuse(`Opening the pull request in ${input.slug} was refused: GitHub has no branch ${input.branch}. Push it first.`)
  const before = await findKnown(client, input, headOid, signal)
  if (!before.ok) return before
  if (before.pull) return { ok: true, pull: before.pull, alreadyThere: true }
  const created = await createPull(client, input, signal)
  if (created.ok) return { ok: true, pull: created.value, alreadyThere: false }
  if (!created.isAnswerLost && !isDuplicate(created)) return created.failure
  const after = await findKnown(client, input, headOid, signal)
  return after.ok && after.pull ? { ok: true, pull: after.pull, alreadyThere: true } : created.failure
}

async function findKnown(
  client: GithubClient,
  input: PullRequestText,
  headOid: string,
  signal: AbortSignal,
): Promise<{ ok: true; pull: GithubPull | null } | ForgeFailure> {
  const listed = await client.listPulls({ ...input, state: 'all' }, signal)
  if (!listed.ok) return listed.failure
  return {
    ok: true,
    pull: openOne(listed.value, input.base) ?? listed.value.find((pull) => pull.state === 'merged' && pull.headOid === headOid) ?? null,
  }
}

/** The open pull request of a branch, else its newest one. */
export async function findPull(
  client: GithubClient,
  input: { slug: string; branch: string },
  signal: AbortSignal,
): Promise<{ ok: true; pull: GithubPull | null } | ForgeFailure> {
  const listed = await client.listPulls({ ...input, state: 'all' }, signal)
  return listed.ok ? { ok: true, pull: openOne(listed.value, null) ?? listed.value[0] ?? null } : listed.failure
}

function openOne(pulls: GithubPull[], base: string | null): GithubPull | undefined {
  const open = pulls.filter((pull) => pull.state === 'open')
  return open.find((pull) => pull.base === base) ?? open[0]
}

/** Where drafts are not supported (private repositories of free plans) it becomes a regular one that says so. */
async function createPull(client: GithubClient, input: PullRequestText, signal: AbortSignal) {
  const title = fitTitle(input.title)
  const created = await client.createPull({ ...input, title, body: fitBody(input.body) }, signal)
  if (created.ok || !isDraftUnsupported(created)) return created
  return client.createPull({ ...input, title, body: withDraftNote(input.body), draft: false }, signal)
}

export function isDraftUnsupported(failed: ApiFailure): boolean {
  return failed.failure.problem === 'refused' && /draft pull requests are not supported/i.test(failed.said)
}

function isDuplicate(failed: ApiFailure): boolean {
  return failed.failure.problem === 'refused' && /a pull request already exists/i.test(failed.said)
}

function refuse(message: string): ForgeFailure {
  return { ok: false, problem: 'refused', message, retryAfterMs: null }
}
