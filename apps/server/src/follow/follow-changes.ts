// Follows the change requests of sessions until they are merged or closed: at once when a webhook tells of them, else by looking
// from time to time. What was seen before is told by the session's own log, so nothing is reported twice.

import type { EventBody } from '@slipway/core/events'
import { makeRedactor } from '@slipway/core/text/redact'
import type { SessionState } from '@slipway/core/state'
import { createFollowed, type FollowedChange } from '@slipway/store/followed'
import { createOutbox, type Outbox } from '@slipway/store/outbox'
import { loadState } from '../actions/access.ts'
import { openSessionStates } from '../actions/session-states.ts'
import type { Runtime } from '../runtime.ts'
import { hearSessions } from '../runtime/hear-sessions.ts'
import { runLoop } from '../runtime/run-loop.ts'
import { secretsOf } from '../runtime/secrets-of.ts'
import { appendForForge } from './append-for-forge.ts'
import { placeOfRef } from './comment-ref.ts'
import type { Saying } from './forge-writes.ts'
import { lookAt, newsOf } from './look.ts'
import type { Watches } from './open-watches.ts'

export interface FollowedChanges {
  /** A forge tells that something happened there. Returns how many sessions will look. */
  nudge(input: { provider: string; slug: string; number: number | null }): Promise<number>
  close(): Promise<void>
}

const leaseMs = 120_000
const catchUpEveryMs = 60_000
/** After a forge was not reached. */
const againAfterMs = 30_000
const HOUR_MS = 3_600_000

export interface FollowParts {
  runtime: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>
  watches: Watches
  /** Something waits in the outbox. */
  onWrite(): void
}

export function followChanges({ runtime, watches, onWrite }: FollowParts): FollowedChanges {
  const { store, ports, settings, logger } = runtime
  const followed = createFollowed(store.database.pool)
  const outbox = createOutbox(store.database.pool)
  const states = openSessionStates()
  const redact = makeRedactor(secretsOf(settings))
  const onTrouble = (error: unknown): void => logger.error({ err: error }, 'following change requests')
  let caughtUpAt = Number.NEGATIVE_INFINITY

  async function step(signal: AbortSignal): Promise<boolean> {
    if (ports.clock.now() - caughtUpAt >= catchUpEveryMs) {
      caughtUpAt = ports.clock.now()
      await followed.catchUp()
    }
    const change = await followed.claim({ leaseMs })
    if (change === null) return false
    const problem = await look(change, signal)
    if (problem !== null)
      logger.warn({ sessionId: change.sessionId, slug: change.slug }, `a change request could not be looked at: ${problem.message}`)
    return true
  }

  async function look(change: FollowedChange, signal: AbortSignal): Promise<{ message: string } | null> {
    const { sessionId, ownerId, slug, number } = change
    const { state } = await loadState({ ...ports, states, person: { id: ownerId, ownerId } }, sessionId)
    const opened = await watches(ownerId, change.provider)
    const looked = opened.ok ? await lookAt({ watch: opened.watch, slug, number, state, signal }) : opened
    if (!looked.ok || !opened.ok) {
      const failed = looked.ok ? { message: '', retryAfterMs: null, problem: 'network' } : looked
      // What a delivery told of must not wait for hours because of one answer that did not come.
      const usualMs = failed.problem === 'network' ? Math.min(pauseMs(change), againAfterMs) : pauseMs(change)
      await followed.postpone(change, { afterMs: Math.max(usualMs, failed.retryAfterMs ?? 0), problem: failed.message })
      return failed
    }
    const input = { watch: opened.watch, slug, number, signal, nowMs: ports.clock.now(), redact }
    const news = await newsOf(looked.look, { ...input, state })
    // What came in between is judged against the state of then.
    await appendForForge({ ...ports, states }, change, (now) => stillNew(news, now))
    if (looked.look.change.state === 'open') await followed.postpone(change, { afterMs: pauseMs(change), problem: null })
    else await followed.end(change)
    await reply(change)
    return null
  }

  /** Fewer looks the older it is. */
  function pauseMs({ openedAt }: FollowedChange): number {
    const ageMs = ports.clock.now() - Date.parse(openedAt)
    return settings.follow.everyMs * (ageMs < HOUR_MS ? 1 : ageMs < 24 * HOUR_MS ? 5 : 30)
  }

  async function reply({ sessionId, ownerId }: Pick<FollowedChange, 'sessionId' | 'ownerId'>): Promise<void> {
    const { state } = await loadState({ ...ports, states, person: { id: ownerId, ownerId } }, sessionId)
    if (await putReplies(outbox, state, settings.http.publicUrl)) onWrite()
  }

  const loop = runLoop({
    clock: ports.clock,
    everyMs: 1_000,
    step,
    onTrouble,
  })
  const news = hearSessions({ bus: ports.bus, hear, onTrouble })

  async function hear(sessionId: string, bodies: EventBody[]): Promise<void> {
    if (bodies.some(({ type }) => type === 'change-request-opened')) {
      await followed.catchUp(sessionId)
      await followed.nudgeSession(sessionId)
      loop.nudge()
    }
    if (!bodies.some(({ type }) => type === 'session-finished' || type === 'human-asked')) return
    const row = await store.sessions.get(sessionId)
    if (row !== null) await reply({ sessionId, ownerId: row.ownerId })
  }

  return {
    async nudge(input) {
      const count = await followed.nudge(input)
      if (count > 0) loop.nudge()
      return count
    },
    async close() {
      await news.close()
      await loop.close()
    },
  }
}

/** A report that another process made meanwhile is not made again. */
function stillNew(news: EventBody[], state: SessionState): EventBody[] {
  const { following, work } = state
  const known = new Set(following.comments.map(({ ref }) => ref))
  return news.filter((body) => {
    if (body.type === 'review-received') return !known.has(body.ref ?? null)
    if (body.type === 'conflict-noticed') return body.oid === work.pushed?.oid && following.conflict?.oid !== body.oid
    if (body.type === 'change-request-updated') return body.state !== (following.ended ?? 'open')
    if (body.type !== 'checks-reported') return false
    return body.oid === work.pushed?.oid && JSON.stringify(following.checks?.checks) !== JSON.stringify(body.checks)
  })
}

/** Puts what is to be said to comments into the outbox; true: there was something. */
async function putReplies(outbox: Outbox, state: SessionState, publicUrl: string | null): Promise<boolean> {
  const { sessionId, ownerId, repositoryRef, following, ask } = state
  const { forge: provider, slug } = repositoryRef
  if (provider === 'local' || slug === null) return false
  let isNew = false
  const put = async (key: string, ref: string, text: string, isReply: boolean): Promise<void> => {
    const place = placeOfRef(ref)
    if (place === null) return
    const payload: Saying = { provider, slug, ...place, text, ref: isReply ? ref : null }
    isNew = (await outbox.put({ key, ownerId, sessionId, kind: 'forge-comment', payload })) || isNew
  }
  for (const { ref, reply, isReplySaid } of following.comments)
    if (ref !== null && reply !== null && !isReplySaid) await put(`reply:${sessionId}:${ref}`, ref, reply || 'Done.', true)
  const asked = following.comments.findLast(({ trust, reply }) => trust === 'trusted' && reply === null)
  if (ask?.kind === 'question' && ask.callId !== null && asked?.ref) {
    const where = publicUrl === null ? '' : ` or in the session (${publicUrl}/sessions/${sessionId})`
    await put(`question:${sessionId}:${ask.askId}`, asked.ref, `${ask.question}\n\nAnswer here${where}.`, false)
  }
  return isNew
}
