// What the conversation consists of. A row stays the same object until something about it changes, so that rows that are
// finished are not rendered again.

import type {
  ChangeRequestOpened,
  ChecksReported,
  CommitOffered,
  DeploymentUpdated,
  EventOf,
  HumanAnswered,
  HumanAsked,
  PlanStep,
  Receipt,
  ReviewReceived,
  ScanFinished,
  SessionCreated,
  SetupFinished,
  ToolFinished,
  ToolRuled,
  VerificationFinished,
} from '@slipway/core/events'
import type { EgressPhase } from '@slipway/core/policy/egress-advice'

interface RowBase {
  key: string
  /** The event that the row began with. */
  seq: number
  at: string
}

export type Row =
  | TaskRow
  | BootRow
  | PersonRow
  | AnswerRow
  | CallsRow
  | FailureRow
  | PlanRow
  | AskRow
  | BlockedRow
  | CommitRow
  | VerificationRow
  | ChangeRequestRow
  | ReviewRow
  | DeploymentRow
  | NoteRow
  | FinishedRow

export interface TaskRow extends RowBase {
  kind: 'task'
  created: SessionCreated
}

/** From the creation to the first answer. */
export interface BootRow extends RowBase {
  kind: 'boot'
  /** When a worker took the session; null before. */
  takenAt: string | null
  repository: EventOf<'repository-prepared'> | null
  sandbox: EventOf<'sandbox-started'> | null
  setup: SetupFinished | null
  /** When the model was first asked; null before. */
  askedAt: string | null
  firstAnswerAt: string | null
  /** The model is asked again after a failure, whose own row tells of it. */
  isRetried: boolean
  /** Something is asked of a person: nothing is under way. */
  isHeld: boolean
  isOver: boolean
}

export interface PersonRow extends RowBase {
  kind: 'person'
  text: string
  mode: 'steer' | 'queue'
  /** Said while everything was still being made ready. */
  isEarly: boolean
  /** Whether the agent has it. */
  isRead: boolean
}

export interface AnswerRow extends RowBase {
  kind: 'answer'
  callId: string
  model: string
  attempt: number
  /** null while it is being written. */
  answer: { text: string; reasoning: string; ms: number; finish: string } | null
}

/** The tool calls of one step. */
export interface CallsRow extends RowBase {
  kind: 'calls'
  calls: readonly Call[]
}

export interface Call {
  callId: string
  tool: string
  input: Record<string, unknown>
  /** Why the call itself was wrong. */
  invalid: string | null
  ruling: ToolRuled | null
  startedAt: string | null
  finished: ToolFinished | null
}

export interface FailureRow extends RowBase {
  kind: 'failure'
  model: string
  /** Failed attempts of the same kind, one after the other. */
  attempts: number
  /** The last of them. */
  failure: EventOf<'model-failed'>
  /** The next attempt has begun, or nobody waits for one any more. */
  isOver: boolean
  /** An open question says the same. */
  isAsked: boolean
}

export interface PlanRow extends RowBase {
  kind: 'plan'
  steps: readonly PlanStep[]
  paths: readonly string[]
  note: string
}

export interface AskRow extends RowBase {
  kind: 'ask'
  ask: HumanAsked
  answer: { body: HumanAnswered; at: string } | null
  /** Nobody waits for it any more: answered, or a message or a stop took its place. */
  isClosed: boolean
  /** The failure above says the same; it is not said twice. */
  isRepetition: boolean
}

export interface BlockedRow extends RowBase {
  kind: 'blocked'
  hosts: readonly { host: string; port: number; reason: string; phase: EgressPhase; count: number }[]
}

export interface CommitRow extends RowBase {
  kind: 'commit'
  commit: CommitOffered
  scan: ScanFinished | null
}

export interface VerificationRow extends RowBase {
  kind: 'verification'
  verification: VerificationFinished
  receipts: readonly Receipt[]
}

export interface ChangeRequestRow extends RowBase {
  kind: 'change-request'
  changeRequest: ChangeRequestOpened
  checks: ChecksReported['checks']
}

export interface DeploymentRow extends RowBase {
  kind: 'deployment'
  /** As it was last heard of. */
  deployment: DeploymentUpdated
  /** Whether production shows it, as far as this session knows; `changing`: it was asked to. */
  production: 'no' | 'changing' | 'shown'
}

export interface ReviewRow extends RowBase {
  kind: 'review'
  review: ReviewReceived
}

export type NoteIcon =
  | 'repository'
  | 'sandbox'
  | 'setup'
  | 'fork'
  | 'guard'
  | 'mode'
  | 'stop'
  | 'push'
  | 'restore'
  | 'compact'
  | 'deploy'
  | 'report'
  | 'note'

export interface NoteRow extends RowBase {
  kind: 'note'
  icon: NoteIcon
  tone: 'quiet' | 'warn' | 'bad'
  verb: string
  text: string
  ms: number | null
  /** Unfolds below the line. */
  detail: string | null
  href: string | null
}

export interface FinishedRow extends RowBase {
  kind: 'finished'
  finished: EventOf<'session-finished'>
  /** The last answer says the same; it is not said twice. */
  isRepetition: boolean
  feedback: EventOf<'feedback-given'> | null
}
