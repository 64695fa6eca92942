// What events do to their session's row. Pure, so that a rebuild from the log gives the same row.

import type { EventBody, Outcome, SessionCreated } from '@slipway/core/events'

/**
 * running: a worker has something to do. waiting: a person has. done: the agent rests until somebody writes.
 */
export type SessionStatus = 'running' | 'waiting' | 'done'

/** The sum of a batch of events; applied by `apply_session_change` in the database. */
export interface SessionChange {
  title: string | null
  /** null: unchanged. */
  status: SessionStatus | null
  /** Set together with `status`. */
  outcome: Outcome | null
  /** Added to the session's cost. */
  costMicros: number
  /** Questions opened and still open at the end of the batch. */
  asked: string[]
  /** Earlier questions that the batch answered. */
  answered: string[]
  /** The status becomes `waiting` when questions are left open. */
  waitsForAllAnswers: boolean
  /** Questions from before the batch are void. */
  voidsQuestions: boolean
  /** The cost so far belongs to the session that was forked. */
  dropsCost: boolean
}

/** The columns that only the first event fills. */
export interface SessionOrigin {
  ownerId: string
  title: string
  repositoryUrl: string
}

const unchanged: SessionChange = {
  title: null,
  status: null,
  outcome: null,
  costMicros: 0,
  asked: [],
  answered: [],
  waitsForAllAnswers: false,
  voidsQuestions: false,
  dropsCost: false,
}

/** Folds a batch into one change. Any partition of a log into batches leads to the same row. */
export function sessionChange(bodies: readonly EventBody[]): SessionChange {
  return bodies.reduce(withEvent, unchanged)
}

/** Whether title, status, outcome and cost are all that changes. */
export function isPlainChange({ asked, answered, waitsForAllAnswers, voidsQuestions, dropsCost }: SessionChange): boolean {
  return asked.length === 0 && answered.length === 0 && !waitsForAllAnswers && !voidsQuestions && !dropsCost
}

export function sessionOrigin(body: SessionCreated): SessionOrigin {
  return { ownerId: body.ownerId, title: body.title, repositoryUrl: body.repository.url }
}

function withEvent(change: SessionChange, body: EventBody): SessionChange {
  switch (body.type) {
    case 'session-created':
      return { ...withStatus(change, 'running'), title: body.title }
    case 'session-renamed':
      return { ...change, title: body.title }
    case 'session-forked':
      return { ...withoutQuestions(withStatus(change, 'running')), costMicros: 0, dropsCost: true }
    case 'session-finished':
      return { ...withoutQuestions(withStatus(change, 'done')), outcome: body.outcome }
    case 'user-message':
    case 'model-requested':
    case 'tool-started':
      return withStatus(change, 'running')
    case 'human-asked':
      return { ...withStatus(change, 'waiting'), asked: [...change.asked, body.askId] }
    case 'human-answered':
      return { ...withAnswer(withStatus(change, 'running'), body.askId), waitsForAllAnswers: true }
    case 'guard-tripped':
      return body.action === 'park' ? withStatus(change, 'waiting') : change
    case 'model-responded':
    case 'model-failed':
      return { ...change, costMicros: change.costMicros + body.costMicros }
    case 'stop-requested':
    case 'feedback-given':
    case 'autonomy-changed':
    case 'repository-prepared':
    case 'sandbox-started':
    case 'setup-finished':
    case 'egress-decided':
    case 'instructions-frozen':
    case 'context-added':
    case 'tool-ruled':
    case 'tool-finished':
    case 'plan-updated':
    case 'checkpoint-created':
    case 'checkpoint-restored':
    case 'commit-offered':
    case 'scan-finished':
    case 'verification-finished':
    case 'branch-pushed':
    case 'change-request-opened':
    case 'change-request-updated':
    case 'checks-reported':
    case 'review-received':
    case 'conflict-noticed':
    case 'base-taken-in':
    case 'deployment-updated':
    case 'write-back-done':
    case 'outputs-pruned':
    case 'context-compacted':
      return change
  }
}

function withStatus(change: SessionChange, status: SessionStatus): SessionChange {
  return { ...change, status, outcome: null, waitsForAllAnswers: false }
}

function withoutQuestions(change: SessionChange): SessionChange {
  return { ...change, asked: [], answered: [], voidsQuestions: true }
}

function withAnswer(change: SessionChange, askId: string): SessionChange {
  return change.asked.includes(askId)
    ? { ...change, asked: change.asked.filter((asked) => asked !== askId) }
    : { ...change, answered: [...change.answered, askId] }
}
