// What a page is told of its session: state, fields and a comment, made from the log alone.

import type { Receipt, SessionEvent } from '@slipway/core/events'
import { cut, oneLine, visible } from '@slipway/core/publish/safe-markdown'
import { replay } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'
import type { StateName } from './mapping.ts'
import { newsOf } from './page-news.ts'

export interface PageReport {
  /** Of the event that it is about. */
  seq: number
  /** null: it stays as it is. */
  state: StateName | null
  /** null: nothing needs to be said. */
  comment: string | null
  /** What goes into fields, as text; left out: the field stays as it is. */
  values: { changeRequest?: string; cost?: string; summary?: string; deployment?: string }
}

const mostReceipts = 10
const told = new Set<SessionEvent['body']['type']>(['session-created', 'human-asked', 'human-answered', 'user-message', 'session-finished'])

/** What the events since `after` mean for the page; null: nothing. The same log gives the same report. */
export function reportOf(events: readonly SessionEvent[], after: number, sessionUrl: string | null): PageReport | null {
  const work = reportOfWork(events, after, sessionUrl)
  const news = newsOf(events, after)
  if (news === null) return work
  const seq = Math.max(news.seq, work?.seq ?? 0)
  const isDone = news.doneAt !== null && news.doneAt > (work?.seq ?? 0)
  const said = [...(work?.comment ? [unsigned(work.comment)] : []), ...news.notes]
  return {
    seq,
    state: isDone ? 'done' : (work?.state ?? null),
    comment: said.length === 0 ? null : `${said.join('\n\n')}\n\n${signatureOf(events[0]?.sessionId ?? '', seq)}`,
    values: { ...work?.values, ...(news.deployment === null ? {} : { deployment: news.deployment }) },
  }
}

/** How the session itself stands: whether it works, waits, or has ended. */
function reportOfWork(events: readonly SessionEvent[], after: number, sessionUrl: string | null): PageReport | null {
  const newest = events.findLast(({ seq, body }) => seq > after && told.has(body.type))
  if (newest === undefined) return null
  const state = replay(events.filter(({ seq }) => seq <= newest.seq))
  if (state.finished !== null) return finished(state, state.finished, sessionUrl)
  const comment = newest.body.type === 'human-asked' ? signed(question(state, sessionUrl), state) : null
  return { seq: newest.seq, values: {}, comment, state: state.ask === null ? 'inProgress' : 'blocked' }
}

/** At the end of each comment, so that it is found again before it is repeated. */
export function signatureOf(sessionId: string, seq: number): string {
  return `Slipway ${sessionId}/${seq}`
}

function signed(text: string, { sessionId, head }: SessionState): string {
  return `${cut(visible(text), 10_000)}\n\n${signatureOf(sessionId, head)}`
}

function unsigned(comment: string): string {
  return comment.slice(0, comment.lastIndexOf('\n\n'))
}

function question({ ask }: SessionState, url: string | null): string {
  if (ask === null) return 'Slipway waits for a person.'
  const options = ask.kind === 'question' && ask.options.length > 0 ? `\nOptions: ${ask.options.map(oneLine).join(' / ')}` : ''
  const inSlipway = url === null ? 'in Slipway' : `in Slipway: ${url}`
  const how =
    ask.kind === 'question' || ask.kind === 'continue'
      ? `Answer with a comment on this page, or ${inSlipway}`
      : `Approve or reject it ${inSlipway}`
  return `Slipway needs a person: ${cut(ask.question, 4_000)}${options}\n\n${how}`
}

function finished(state: SessionState, { outcome, summary }: NonNullable<SessionState['finished']>, url: string | null): PageReport {
  const changeRequest = state.work.changeRequest?.url ?? null
  const isThrough = changeRequest !== null || outcome === 'nothing-to-do'
  const isDone = isThrough && outcome !== 'failed' && outcome !== 'stopped'
  const cost = costOf(state)
  const parts = [
    `${headlines[outcome]}${summary.trim() === '' ? '' : `\n${cut(summary.trim(), 4_000)}`}`,
    changeRequest === null ? '' : `Change request: ${changeRequest}`,
    receipts(state),
    cost === null ? 'Cost: not known, a model is not in the price book.' : `Cost: $${cost}`,
    url === null ? '' : `Session: ${url}`,
    isDone ? 'A comment on this page continues the session.' : 'Answer with a comment on this page to go on.',
  ]
  return {
    seq: state.head,
    state: isDone ? 'inReview' : 'blocked',
    comment: signed(parts.filter((part) => part !== '').join('\n\n'), state),
    values: {
      ...(changeRequest === null ? {} : { changeRequest }),
      ...(cost === null ? {} : { cost }),
      ...(summary.trim() === '' ? {} : { summary: cut(visible(summary.trim()), 1_900) }),
    },
  }
}

const headlines = {
  verified: 'Slipway is done. Every check passed at the commit of the change request.',
  'partly-verified': 'Slipway is done. Some checks passed, the others could not be run.',
  unverified: 'Slipway has ended, and nothing proves that the change works.',
  'nothing-to-do': 'Slipway found nothing to change.',
  stopped: 'The session was stopped.',
  failed: 'The session failed.',
}

function receipts({ work }: SessionState): string {
  const list = work.verification?.receipts ?? []
  if (list.length === 0) return ''
  const more = list.length > mostReceipts ? [`… and ${list.length - mostReceipts} more`] : []
  return ['What Slipway itself ran:', ...list.slice(0, mostReceipts).map(receipt), ...more].join('\n')
}

function receipt({ command, exitCode, killed, ms }: Receipt): string {
  return `• ${cut(oneLine(command), 200)}: ${exitCode === null ? (killed ?? 'did not end') : `exit code ${exitCode}`} (${(ms / 1000).toFixed(1)} s)`
}

/** Dollars; null: at least one call has no price. */
function costOf({ spend }: SessionState): string | null {
  return spend.hasUnpricedCalls ? null : (spend.costMicros / 1_000_000).toFixed(4)
}
