// What a session's log amounts to. Everything here is derived: drop it, fold the events again, and it is the same.

import type {
  AssistantPart,
  Autonomy,
  ChangeRequestOpened,
  CommitOffered,
  Finish,
  HumanAsked,
  InstructionsFrozen,
  Limits,
  Outcome,
  PlanUpdated,
  RepositoryPrepared,
  RepositoryRef,
  RoleName,
  Roles,
  SandboxBackendName,
  ScanFinished,
  Task,
  ToolFinished,
  ToolRuled,
  Trust,
  Usage,
  VerificationFinished,
} from './events.ts'
import type { Following } from './follow/following.ts'
import type { FailureKind } from './errors/failure.ts'

export interface SessionState {
  sessionId: string
  /** Seq of the newest event folded in. */
  head: number
  title: string
  ownerId: string
  task: Task
  repositoryRef: RepositoryRef
  autonomy: Autonomy
  roles: Roles
  limits: Limits
  checks: string[]
  sandboxBackend: SandboxBackendName | null

  repository: RepositoryPrepared | null
  instructions: InstructionsFrozen | null
  transcript: TranscriptItem[]
  /** Arrived but not yet shown to the model. Moves into the transcript with the next model call. */
  inbox: InboxItem[]
  /** Everything a person said after the task, in order; survives compaction. */
  messages: string[]

  /** Model calls without an outcome yet. */
  openModelCalls: OpenModelCall[]
  /** Why and when the conversation's model is called again; null when the last call went well. */
  retry: Retry | null
  /** Models that turned out to have no tools. */
  modelsWithoutTools: string[]
  /** Answered calls of the main conversation, ever. */
  answeredCalls: number
  /** Calls of the last answer, until every one has an outcome. */
  batch: ToolCall[]

  plan: PlanUpdated | null
  planApproval: 'none' | 'asked' | 'approved' | 'rejected'
  ask: HumanAsked | null
  stop: { reason: string } | null
  parked: { guard: string; reason: string } | null
  finished: { outcome: Outcome; summary: string } | null
  /** It had ended so and was only asked something: it ends so again. */
  reopened: { outcome: Outcome; summary: string } | null

  turn: Turn
  work: Work
  following: Following
  /** Newest checkpoint of the work tree and its tree hash. */
  checkpoint: { id: string; treeHash: string } | null
  /** Seq of the last time the work tree was taken back: a sandbox that was opened before it is out of date. */
  restoredAtSeq: number | null
  /** A command was left running in the sandbox that is open, or was. */
  hasBackground: boolean
  /** SHA-256 of each file as the model last read or wrote it, by path. */
  seenFiles: Record<string, string>
  spend: Spend
  /** Prompt size that the provider reported with the last answer, and the transcript length it stood for. */
  measured: { tokens: number; transcriptLength: number } | null
}

export type TranscriptItem =
  | { kind: 'user'; seq: number; text: string }
  | { kind: 'note'; seq: number; origin: string; trust: Trust; text: string }
  | { kind: 'assistant'; seq: number; callId: string; model: string; content: AssistantPart[]; finish: Finish }
  | { kind: 'results'; seq: number; results: ToolResult[] }
  | { kind: 'summary'; seq: number; text: string }

export interface ToolResult {
  callId: string
  tool: string
  ok: boolean
  output: string
  isPruned: boolean
}

export type InboxItem =
  | { kind: 'user'; seq: number; text: string; mode: 'steer' | 'queue' }
  | { kind: 'note'; seq: number; origin: string; trust: Trust; text: string }

export interface OpenModelCall {
  callId: string
  role: RoleName
  model: string
  attempt: number
  reservedMicros: number
  forCallId: string | null
  startedAt: string
}

export interface Retry {
  kind: FailureKind
  attempt: number
  at: string | null
  /** From the failure until `at`, by the clock that wrote both. */
  pauseMs: number
  /** The model of the next attempt when it is another one than the role's. */
  model: string | null
  /** The model that failed. */
  failedModel: string
  message: string
}

export interface ToolCall {
  callId: string
  tool: string
  input: Record<string, unknown>
  invalid: string | null
  ruling: ToolRuled | null
  approval: 'none' | 'asked' | 'approved' | 'rejected'
  answerText: string
  /** How often it was begun; more than once only after crashes. */
  starts: number
  finished: ToolFinished | null
}

export type Stage = 'plan' | 'implement' | 'verify' | 'publish'

/** From a person's message until the agent rests. */
export interface Turn {
  startedAt: string
  steps: number
  stageSteps: number
  stage: Stage
  /** Waits for people do not count against the clock. */
  waitedMs: number
  waitingSince: string | null
  /** Newest last, bounded; what loop detection looks at. */
  recentCalls: { callKey: string; outcomeKey: string; isPolling: boolean }[]
  inputMistakes: number
  loopNudges: number
  stageNudges: number
  restNudges: number
  lengthNudges: number
  finishRefusals: number
  hasCompactedForOverflow: boolean
}

export interface Work {
  commit: CommitOffered | null
  /** Every offered commit, oldest first. */
  commits: { oid: string; subject: string }[]
  scan: ScanFinished | null
  verification: VerificationFinished | null
  failedVerifications: number
  /** The last verification did not pass and a publish call has reported it: verify again before the next one. */
  isVerificationStale: boolean
  pushed: { branch: string; oid: string } | null
  changeRequest: ChangeRequestOpened | null
  /** The work tree changed after the last offered commit. */
  hasUncommitted: boolean
  hasChangedAnything: boolean
  /** What the base has become, on its way into the session's branch; null: nothing is. */
  incoming: Incoming | null
}

/** wanted: a person has said so. merged: it is in the work tree; `trees`: the checkpoints that have it. */
export type Incoming = { step: 'wanted'; base: string } | { step: 'merged'; base: string; oid: string; trees: string[] }

export interface Spend {
  costMicros: number
  usage: Usage
  calls: number
  /** Models that answered, in order of their first answer. */
  models: string[]
  /** At least one call could not be priced: the cost is a lower bound. */
  hasUnpricedCalls: boolean
  priceBook: string | null
}

export type Status = 'queued' | 'preparing' | 'working' | 'verifying' | 'waiting' | 'parked' | 'stopping' | 'done'

/** What the session is doing, apart from how it ended. */
export function statusOf(state: SessionState): Status {
  if (state.finished && !state.ask) return 'done'
  if (state.stop) return 'stopping'
  if (state.ask) return 'waiting'
  if (state.parked) return 'parked'
  if (!state.repository) return state.head <= 1 ? 'queued' : 'preparing'
  const current = state.batch.find((call) => !call.finished)
  return current?.tool === 'publish' && current.ruling ? 'verifying' : 'working'
}

/** What is reserved by calls that are under way, in micro-dollars. */
export function reservedMicros(state: SessionState): number {
  return state.openModelCalls.reduce((sum, call) => sum + call.reservedMicros, 0)
}
