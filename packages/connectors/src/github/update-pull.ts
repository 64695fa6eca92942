// Changes a pull request's text and draft state. Saying the same twice is harmless, so a lost answer is settled by looking.

import type { ForgeFailure } from '@slipway/core/ports'
import type { GithubClient } from './github-client.ts'
import type { GithubPull } from './github-shapes.ts'
import { isDraftUnsupported } from './open-pull.ts'
import { fitBody, fitTitle, withDraftNote } from './pull-text.ts'

export interface PullUpdate {
  slug: string
  number: number
  title: string
  body: string
  draft: boolean
}

/** The draft state goes first, as a repository without drafts changes what the description has to say. */
export async function updatePull(
  client: GithubClient,
  input: PullUpdate,
  signal: AbortSignal,
): Promise<{ ok: true; pull: GithubPull } | ForgeFailure> {
  const current = await client.getPull(input, signal)
  if (!current.ok) return current.failure
  const drafted = await settleDraft(client, current.value, input, signal)
  if (!drafted.ok) return drafted
  const title = fitTitle(input.title)
  const body = drafted.isUnsupported ? withDraftNote(input.body) : fitBody(input.body)
  const updated = await client.updatePull({ ...input, title, body }, signal)
  if (updated.ok) return { ok: true, pull: updated.value }
  if (!updated.isAnswerLost) return updated.failure
  const found = await client.getPull(input, signal)
  const isDone = found.ok && found.value.title === title && found.value.body === body
  return isDone ? { ok: true, pull: found.value } : updated.failure
}

async function settleDraft(
  client: GithubClient,
  pull: GithubPull,
  input: PullUpdate,
  signal: AbortSignal,
): Promise<{ ok: true; isUnsupported: boolean } | ForgeFailure> {
  if (pull.draft === input.draft || pull.state !== 'open') return { ok: true, isUnsupported: false }
  const changed = await client.setDraft({ slug: input.slug, nodeId: pull.nodeId, draft: input.draft }, signal)
  if (changed.ok) return { ok: true, isUnsupported: false }
  if (isDraftUnsupported(changed)) return { ok: true, isUnsupported: true }
  if (!changed.isAnswerLost) return changed.failure
  const found = await client.getPull(input, signal)
  return found.ok && found.value.draft === input.draft ? { ok: true, isUnsupported: false } : changed.failure
}
