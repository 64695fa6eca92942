// From something done to an issue to a session of each person who watches the repository and may write there. One for each issue.

import { oneLine } from '@slipway/core/publish/safe-markdown'
import { cleanUntrusted, removalNotice } from '@slipway/core/text/clean'
import type { ContextAdded } from '@slipway/core/events'
import type { ForgeFailure } from '@slipway/core/ports'
import type { Heard } from '@slipway/connectors/follow/heard'
import { type ForgeWatch, isOwnWord, type Watched, type WatchedIssue } from '@slipway/connectors/follow/forge-watch'
import { createOutbox } from '@slipway/store/outbox'
import { createTriggers, type Trigger } from '@slipway/store/triggers'
import { createPeople } from '../auth/people.ts'
import { appendForForge } from '../follow/append-for-forge.ts'
import { refOf } from '../follow/comment-ref.ts'
import type { Acknowledgement } from '../follow/forge-writes.ts'
import type { ForgeProvider, Watches } from '../follow/open-watches.ts'
import { createSession, sessionIdFor } from '../intake/create-session.ts'
import type { Runtime } from '../runtime.ts'

export type HeardIssue = Extract<Heard, { kind: 'issue' }>

/** In words, what came of it; or what kept it, for another try. */
export type Started = { ok: true; note: string } | ForgeFailure

export interface StartParts {
  runtime: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>
  watches: Watches
  onWrite(): void
}

/** Repeating it finds what the first time made. */
export async function startFromIssue(parts: StartParts, provider: ForgeProvider, heard: HeardIssue, signal: AbortSignal): Promise<Started> {
  const all = await createTriggers(parts.runtime.store.database.pool).watching(provider, heard.slug)
  const wanted = all.filter((trigger) => isReason(heard, trigger))
  if (wanted.length === 0) return { ok: true, note: 'no reason to begin' }
  const notes: string[] = []
  for (const trigger of wanted) {
    const started = await startFor(parts, trigger, heard, signal)
    if (!started.ok && isPassing(started)) return started
    notes.push(started.ok ? started.note : started.message)
  }
  return { ok: true, note: notes.join('; ') }
}

/** Our own doing never is a reason: not the bot's, and not what carries our mark. */
function isReason({ by, labels, assignees, comment }: HeardIssue, { label, botName }: Trigger): boolean {
  const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
  if (by.isBot || isSame(by.login, botName) || (comment !== null && isOwnWord(comment.text))) return false
  if (labels.some((name) => isSame(name, label)) || assignees.some((name) => isSame(name, botName))) return true
  return comment !== null && mentions(comment.text, botName)
}

/** As the forges see a mention: not inside a word or an address, and not in code or a quotation. */
export function mentions(text: string, name: string): boolean {
  const prose = text
    .replace(/^ {0,3}(`{3,}|~{3,})[^]*?^ {0,3}\1/gm, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/^ {0,3}>.*$/gm, '')
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w@./-])@${literal}(?![\\w-]|\\.\\w)`, 'i').test(prose)
}

function isPassing({ problem }: ForgeFailure): boolean {
  return problem === 'network' || problem === 'rate-limit'
}

async function startFor(parts: StartParts, trigger: Trigger, heard: HeardIssue, signal: AbortSignal): Promise<Started> {
  const { runtime, watches } = parts
  const { ownerId, provider } = trigger
  if (!(await createPeople(runtime.store.database.pool).mayWork(ownerId))) return { ok: true, note: 'its owner may not start sessions' }
  const opened = await watches(ownerId, provider)
  if (!opened.ok) return opened
  const { watch } = opened
  // All at once: somebody waits for the eyes.
  const [rights, issue] = await Promise.all([bothMayWrite(watch, heard, signal), watch.readIssue(heard, signal)])
  if (!rights.ok) return rights
  if (rights.value !== null) return { ok: true, note: rights.value }
  if (!issue.ok) return issue
  if (!issue.value.isOpen) return { ok: true, note: 'the issue is closed' }
  const { author } = issue.value
  const isByWriter = author === heard.by.login ? rightsOfWriter : await watch.mayWrite({ slug: heard.slug, login: author }, signal)
  if (!isByWriter.ok) return isByWriter
  return begin(parts, { trigger, heard, issue: issue.value, isTrusted: isByWriter.value })
}

const rightsOfWriter: Watched<boolean> = { ok: true, value: true }

/** What speaks against it; null: nothing. A repository that the account may not see is none of its owner's. */
async function bothMayWrite(watch: ForgeWatch, { slug, by }: HeardIssue, signal: AbortSignal): Promise<Watched<string | null>> {
  const [own, others] = await Promise.all([watch.canWrite(slug, signal), watch.mayWrite({ slug, login: by.login }, signal)])
  if (!own.ok && own.problem === 'not-found') return { ok: true, value: 'the account has no access' }
  if (!own.ok) return own
  if (!own.value) return { ok: true, value: 'the account may not write' }
  if (!others.ok) return others
  return { ok: true, value: others.value ? null : `${by.login} may not write to the repository` }
}

interface Beginning {
  trigger: Trigger
  heard: HeardIssue
  issue: WatchedIssue
  isTrusted: boolean
}

async function begin(parts: StartParts, { trigger, heard, issue, isTrusted }: Beginning): Promise<Started> {
  const { runtime, onWrite } = parts
  const { store, ports, settings, logger } = runtime
  const { provider, ownerId } = trigger
  const person = { id: trigger.personId, ownerId }
  const { slug, number, comment } = heard
  const idempotencyKey = `issue ${provider} ${slug.toLowerCase()}#${number}`
  const sessionId = sessionIdFor(person, idempotencyKey)
  const isThere = (await store.sessions.get(sessionId)) !== null
  if (!isThere) {
    const context = [issueContext(heard, issue, isTrusted), ...commentContext(heard)]
    const request = {
      repository: `${settings[provider].url}/${slug}`,
      task: `Resolve issue ${number} of ${slug}. Its text and what was written to it follow.`,
      title: oneLine(`#${number} ${issue.title}`).slice(0, 100),
      autonomy: trigger.autonomy,
      ...(trigger.model === null ? {} : { model: trigger.model }),
      ...(trigger.budgetMicros === null ? {} : { budgetUsd: trigger.budgetMicros / 1_000_000 }),
    }
    const intake = { request, source: 'issue' as const, ref: issue.url, context, folder: null, idempotencyKey, wake: 'now' as const }
    await createSession({ ...ports, settings, person }, intake)
    logger.info({ sessionId, provider, slug, number }, 'an issue began a session')
  } else if (comment !== null) {
    await tell(parts, { sessionId, ownerId }, heard)
  }
  await acknowledge(parts, { trigger, heard, sessionId, isThere })
  onWrite()
  return { ok: true, note: `session ${sessionId}` }
}

/** A further mention of an issue that has its session already. */
async function tell({ runtime }: StartParts, session: { sessionId: string; ownerId: string }, heard: HeardIssue): Promise<void> {
  const { comment, number, by } = heard
  if (comment === null) return
  const { ports } = runtime
  const beginning = await ports.log.read({ sessionId: session.sessionId, after: 0, limit: 3 })
  if (beginning.some(({ body }) => body.type === 'context-added' && body.ref === comment.url)) return
  const ref = refOf({ kind: 'issue', number }, { ref: comment.ref, thread: null })
  await appendForForge(ports, session, (state) => {
    if (state.following.comments.some((known) => known.ref === ref)) return []
    return [{ type: 'review-received', author: by.login, trust: 'trusted', text: comment.text, url: comment.url, ref }]
  })
}

async function acknowledge(
  { runtime }: StartParts,
  { trigger, heard, sessionId, isThere }: { trigger: Trigger; heard: HeardIssue; sessionId: string; isThere: boolean },
): Promise<void> {
  const { settings, store } = runtime
  const { provider, ownerId } = trigger
  const { slug, number, comment } = heard
  const outbox = createOutbox(store.database.pool)
  const address = settings.http.publicUrl ?? `http://127.0.0.1:${settings.http.port}`
  const subject = { provider, slug, number, kind: 'issue' as const }
  const first: Acknowledgement = {
    ...subject,
    commentId: comment?.id ?? null,
    text: `Slipway works on this: [${sessionId}](${address}/sessions/${sessionId})`,
  }
  const isFirst = await outbox.put({ key: `acknowledge:${sessionId}`, ownerId, sessionId, kind: 'forge-acknowledgement', payload: first })
  if (isFirst || !isThere || comment === null) return
  const key = `acknowledge:${sessionId}:${comment.ref}`
  await outbox.put({ key, ownerId, sessionId, kind: 'forge-acknowledgement', payload: { ...first, text: null } })
}

/** Trust follows the author's rights. Text that pages hide is taken out of either kind, and said so. */
function issueContext({ slug, number }: HeardIssue, issue: WatchedIssue, isTrusted: boolean): ContextAdded {
  const origin = `issue ${slug}#${number} by ${issue.author}`
  return contextOf(origin, `${issue.title}\n\n${issue.text}`, { isTrusted, ref: issue.url })
}

/** Who mentions the bot may write to the repository. */
function commentContext({ slug, number, by, comment }: HeardIssue): ContextAdded[] {
  if (comment === null) return []
  return [contextOf(`comment on ${slug}#${number} by ${by.login}`, comment.text, { isTrusted: true, ref: comment.url })]
}

const longestText = 60_000

function contextOf(origin: string, text: string, { isTrusted, ref }: { isTrusted: boolean; ref: string | null }): ContextAdded {
  const cut = text.slice(0, longestText).toWellFormed()
  if (!isTrusted) return { type: 'context-added', origin, trust: 'untrusted', text: cut, ref }
  const cleaned = cleanUntrusted(cut)
  const notice = removalNotice(cleaned.removed)
  return { type: 'context-added', origin, trust: 'trusted', text: [cleaned.text, ...(notice === null ? [] : [notice])].join('\n'), ref }
}
