// One look at a session's change request: what happened there since the log says it was looked at, as events.

import type { EventBody, ReportedCheck } from '@slipway/core/events'
import type { ForgeFailure } from '@slipway/core/ports'
import { relevantBytes, relevantLog } from '@slipway/core/follow/relevant-log'
import type { SessionState } from '@slipway/core/state'
import {
  type ForgeComment,
  type ForgeWatch,
  isOwnWord,
  type WatchedChange,
  type WatchedCheck,
} from '@slipway/connectors/follow/forge-watch'
import { refOf } from './comment-ref.ts'

export interface Look {
  change: WatchedChange
  /** At the session's own pushed commit. */
  checks: WatchedCheck[]
  /** Those that the log does not have yet. */
  comments: (ForgeComment & { isTrusted: boolean; name: string })[]
}

export interface LookInput {
  watch: ForgeWatch
  slug: string
  number: number
  state: SessionState
  signal: AbortSignal
}

/** Failed checks wait so long for the others, so that one repair sees them all. */
const patienceMs = 600_000
const logsRead = 5
const longestComment = 20_000
const mostChecks = 100

/** Asks the forge; of a change request that is not open any more only how it ended. */
export async function lookAt(input: LookInput): Promise<{ ok: true; look: Look } | ForgeFailure> {
  const { watch, slug, number, state, signal } = input
  const change = await watch.readChange({ slug, number }, signal)
  if (!change.ok) return change
  if (change.value.state !== 'open') return { ok: true, look: { change: change.value, checks: [], comments: [] } }
  const { pushed } = state.work
  const checks = pushed === null ? null : await watch.readChecks({ slug, oid: pushed.oid }, signal)
  if (checks !== null && !checks.ok) return checks
  const comments = await newComments(input)
  if (!comments.ok) return comments
  return { ok: true, look: { change: change.value, checks: (checks?.value ?? []).slice(0, mostChecks), comments: comments.value } }
}

/** What of a look is not in the log yet. Asks the forge for logs of checks that failed. */
export async function newsOf(
  { change, checks, comments }: Look,
  input: LookInput & { nowMs: number; redact(text: string): string },
): Promise<EventBody[]> {
  const { state } = input
  const { pushed } = state.work
  const bodies: EventBody[] = comments.map(({ author, isTrusted, text, url, name, place }) => ({
    type: 'review-received',
    author,
    trust: isTrusted ? 'trusted' : 'untrusted',
    text: text.slice(0, longestComment),
    url,
    ref: name,
    ...(place === null ? {} : { place }),
  }))
  const { number } = input
  const isCurrent = state.work.changeRequest?.number === number
  if (isCurrent && change.state !== (state.following.ended ?? 'open'))
    bodies.push({ type: 'change-request-updated', number, state: change.state })
  if (pushed === null || change.state !== 'open') return bodies
  if (isNew(state, pushed.oid, checks) && !isTooEarly(state, checks, input.nowMs))
    bodies.push({ type: 'checks-reported', oid: pushed.oid, checks: await withLogs(checks, input) })
  const isConflicting = change.hasConflict === true && change.headOid === pushed.oid && state.following.conflict?.oid !== pushed.oid
  if (isConflicting) bodies.push({ type: 'conflict-noticed', oid: pushed.oid, base: change.base, baseOid: change.baseOid })
  return bodies
}

async function newComments({
  watch,
  slug,
  number,
  state,
  signal,
}: LookInput): Promise<{ ok: true; value: Look['comments'] } | ForgeFailure> {
  const found = await watch.readComments({ slug, number, kind: 'change-request' }, signal)
  if (!found.ok) return found
  const known = new Set(state.following.comments.map(({ ref }) => ref))
  const rights = new Map<string, boolean>()
  const comments: Look['comments'] = []
  for (const comment of found.value) {
    const name = refOf({ kind: 'change-request', number }, comment)
    if (known.has(name) || comment.isBot || isOwnWord(comment.text)) continue
    const isTrusted = rights.get(comment.author) ?? (await watch.mayWrite({ slug, login: comment.author }, signal))
    if (typeof isTrusted !== 'boolean') {
      if (!isTrusted.ok) return isTrusted
      rights.set(comment.author, isTrusted.value)
    }
    comments.push({ ...comment, isTrusted: rights.get(comment.author) ?? false, name })
  }
  return { ok: true, value: comments }
}

function isNew({ following }: SessionState, oid: string, checks: WatchedCheck[]): boolean {
  const plain = (all: { name: string; state: string }[]): string => JSON.stringify(all.map(({ name, state }) => `${name} ${state}`).sort())
  const before = following.checks
  return before === null || before.oid !== oid ? checks.length > 0 : plain(before.checks) !== plain(checks)
}

function isTooEarly({ following }: SessionState, checks: WatchedCheck[], nowMs: number): boolean {
  const has = (wanted: WatchedCheck['state']): boolean => checks.some(({ state }) => state === wanted)
  const sinceMs = following.pushedAt === null ? patienceMs : nowMs - Date.parse(following.pushedAt)
  return has('failed') && has('pending') && sinceMs < patienceMs
}

/** A log that cannot be read is no reason not to say that the check failed. */
async function withLogs(checks: WatchedCheck[], input: LookInput & { redact(text: string): string }): Promise<ReportedCheck[]> {
  const { watch, slug, signal, redact } = input
  const reported: ReportedCheck[] = []
  let left = logsRead
  for (const { name, state, url, logRef, summary } of checks) {
    const plain = { name: name.slice(0, 200), state, url }
    if (state !== 'failed' || left-- <= 0) {
      reported.push(plain)
      continue
    }
    const read = logRef === null ? null : await watch.readLog({ slug, logRef }, signal)
    const said = read?.ok ? read.value : summary
    const log = relevantLog(said, redact, relevantBytes)
    reported.push(log === '' ? plain : { ...plain, log })
  }
  return reported
}
