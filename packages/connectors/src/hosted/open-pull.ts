// Opens a change request at most once: looks first, posts once, and looks again when the answer is lost.

import type { ForgeFailure } from '@slipway/core/ports'
import type { ApiFailure, HostedClient, HostedPull, HostedWords, PullText } from './hosted-client.ts'
import { fitBody, fitTitle, withDraftNote } from './pull-text.ts'

export type OpenedPull = { ok: true; pull: HostedPull; alreadyThere: boolean } | ForgeFailure

export interface Hosted {
  client: HostedClient
  words: HostedWords
}

/**
 * An open one of the branch counts as this one, whatever its base: a maintainer may have changed it.
 * So does one that merged exactly this commit: an earlier call opened it, and somebody was quick.
 */
export async function openPull(hosted: Hosted, input: PullText, signal: AbortSignal): Promise<OpenedPull> {
  const { client, words } = hosted
  const ref = await client.getRef(input, signal)
  if (!ref.ok) return ref.failure
  const headOid = ref.value
  if (headOid === null)
    return refuse(`Opening the ${words.pull} in ${input.slug} was refused: ${words.forge} has no branch ${input.branch}. Push it first.`)
  const before = await findKnown(client, input, headOid, signal)
  if (!before.ok) return before
  if (before.pull) return { ok: true, pull: before.pull, alreadyThere: true }
  const created = await createPull(hosted, input, signal)
  if (created.ok) return { ok: true, pull: created.value, alreadyThere: false }
  if (!created.isAnswerLost && !isDuplicate(created)) return created.failure
  const after = await findKnown(client, input, headOid, signal)
  return after.ok && after.pull ? { ok: true, pull: after.pull, alreadyThere: true } : created.failure
}

async function findKnown(
  client: HostedClient,
  input: PullText,
  headOid: string,
  signal: AbortSignal,
): Promise<{ ok: true; pull: HostedPull | null } | ForgeFailure> {
  const listed = await client.listPulls(input, signal)
  if (!listed.ok) return listed.failure
  return {
    ok: true,
    pull: openOne(listed.value, input.base) ?? listed.value.find((pull) => pull.state === 'merged' && pull.headOid === headOid) ?? null,
  }
}

/** The open one of a branch, else its newest one. */
export async function findPull(
  client: HostedClient,
  input: { slug: string; branch: string },
  signal: AbortSignal,
): Promise<{ ok: true; pull: HostedPull | null } | ForgeFailure> {
  const listed = await client.listPulls(input, signal)
  return listed.ok ? { ok: true, pull: openOne(listed.value, null) ?? listed.value[0] ?? null } : listed.failure
}

function openOne(pulls: HostedPull[], base: string | null): HostedPull | undefined {
  const open = pulls.filter((pull) => pull.state === 'open')
  return open.find((pull) => pull.base === base) ?? open[0]
}

/** Where drafts are not supported (private repositories of GitHub's free plans) it becomes a regular one that says so. */
async function createPull({ client, words }: Hosted, input: PullText, signal: AbortSignal) {
  const title = fitTitle(input.title, words)
  const created = await client.createPull({ ...input, title, body: fitBody(input.body, words) }, signal)
  if (created.ok || !isDraftUnsupported(created)) return created
  return client.createPull({ ...input, title, body: withDraftNote(input.body, words), draft: false }, signal)
}

export function isDraftUnsupported(failed: ApiFailure): boolean {
  return failed.failure.problem === 'refused' && /draft pull requests are not supported/i.test(failed.said)
}

function isDuplicate({ failure, said }: ApiFailure): boolean {
  return (failure.problem === 'refused' || failure.problem === 'conflict') && /(pull|merge) request already exists/i.test(said)
}

function refuse(message: string): ForgeFailure {
  return { ok: false, problem: 'refused', message, retryAfterMs: null }
}
