// Changes a change request's text, draft state, labels, reviewers, or closes it. Saying the same twice is harmless, so a lost answer is settled by looking.

import type { ForgeFailure } from '@slipway/core/ports'
import type { ApiResult, HostedPull } from './hosted-client.ts'
import { type Hosted, isDraftUnsupported } from './open-pull.ts'
import { fitBody, fitTitle, withDraftNote } from './pull-text.ts'

export interface PullUpdate {
  slug: string
  number: number
  title: string
  body: string
  draft: boolean
}

type Updated = { ok: true; pull: HostedPull } | ForgeFailure

/** The draft state goes first, as a repository without drafts changes what the description has to say. */
export async function updatePull(hosted: Hosted, input: PullUpdate, signal: AbortSignal): Promise<Updated> {
  const { client, words } = hosted
  const current = await client.getPull(input, signal)
  if (!current.ok) return current.failure
  const drafted = await settleDraft(hosted, current.value, input, signal)
  if (!drafted.ok) return drafted
  const title = fitTitle(input.title, words)
  const body = drafted.isUnsupported ? withDraftNote(input.body, words) : fitBody(input.body, words)
  const updated = await client.updatePull({ ...input, title, body, draft: drafted.draft }, signal)
  return settle(hosted, input, updated, (found) => found.title === title && found.body === body, signal)
}

/** One that is merged stays merged. */
export async function closePull(hosted: Hosted, input: { slug: string; number: number }, signal: AbortSignal): Promise<Updated> {
  const current = await hosted.client.getPull(input, signal)
  if (!current.ok) return current.failure
  if (current.value.state !== 'open') return { ok: true, pull: current.value }
  const closed = await hosted.client.closePull(input, signal)
  return settle(hosted, input, closed, ({ state }) => state !== 'open', signal)
}

async function settle(
  { client }: Hosted,
  input: { slug: string; number: number },
  result: ApiResult<HostedPull>,
  isDone: (pull: HostedPull) => boolean,
  signal: AbortSignal,
): Promise<Updated> {
  if (result.ok) return { ok: true, pull: result.value }
  if (!result.isAnswerLost) return result.failure
  const found = await client.getPull(input, signal)
  return found.ok && isDone(found.value) ? { ok: true, pull: found.value } : result.failure
}

type Drafted = { ok: true; draft: boolean; isUnsupported: boolean } | ForgeFailure

async function settleDraft({ client }: Hosted, pull: HostedPull, input: PullUpdate, signal: AbortSignal): Promise<Drafted> {
  if (pull.draft === input.draft || pull.state !== 'open') return { ok: true, draft: pull.draft, isUnsupported: false }
  const changed = await client.setDraft({ slug: input.slug, pull, draft: input.draft }, signal)
  if (changed.ok) return { ok: true, draft: input.draft, isUnsupported: false }
  if (isDraftUnsupported(changed)) return { ok: true, draft: pull.draft, isUnsupported: true }
  if (!changed.isAnswerLost) return changed.failure
  const found = await client.getPull(input, signal)
  return found.ok && found.value.draft === input.draft ? { ok: true, draft: input.draft, isUnsupported: false } : changed.failure
}
