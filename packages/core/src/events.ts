// The facts a session consists of. Append-only; every other view of a session is computed from these.
// Bodies are plain JSON, named noun-verb in the past tense. A body never holds a credential.

import type { EffectDescription } from './effects.ts'
import type { FailureKind } from './errors/failure.ts'

export type Actor = { kind: 'person'; id: string } | { kind: 'agent' } | { kind: 'system'; id: string }

/** One fact. `(sessionId, seq)` is unique and gapless, starting at 1. `at` is ISO 8601 with milliseconds, UTC. */
export interface SessionEvent<Body extends EventBody = EventBody> {
  id: string
  sessionId: string
  seq: number
  at: string
  version: 1
  actor: Actor
  body: Body
}

/** What a caller hands to the log; `seq` and `sessionId` are given by the append. */
export interface NewEvent {
  id: string
  at: string
  actor: Actor
  body: EventBody
}

export type EventBody =
  | SessionCreated
  | SessionRenamed
  | SessionForked
  | SessionFinished
  | UserMessage
  | HumanAsked
  | HumanAnswered
  | StopRequested
  | FeedbackGiven
  | AutonomyChanged
  | RepositoryPrepared
  | SandboxStarted
  | SetupFinished
  | EgressDecided
  | InstructionsFrozen
  | ContextAdded
  | ModelRequested
  | ModelResponded
  | ModelFailed
  | ToolRuled
  | ToolStarted
  | ToolFinished
  | PlanUpdated
  | CheckpointCreated
  | CheckpointRestored
  | CommitOffered
  | ScanFinished
  | VerificationFinished
  | BranchPushed
  | ChangeRequestOpened
  | ChangeRequestUpdated
  | ChecksReported
  | ReviewReceived
  | ConflictNoticed
  | BaseTakenIn
  | DeploymentUpdated
  | WriteBackDone
  | OutputsPruned
  | ContextCompacted
  | GuardTripped

export type EventType = EventBody['type']
export type EventOf<T extends EventType> = Extract<EventBody, { type: T }>

// ── session ──────────────────────────────────────────────────────────────────────────────────

export interface Task {
  /** What somebody wants done, in their words. */
  text: string
  source: { kind: 'chat' | 'cli' | 'api' | 'routine' | 'notion' | 'issue' | 'plan' | 'demo'; ref: string | null }
}

export interface RepositoryRef {
  /** A path on disk or a URL, never with credentials in it. */
  url: string
  /** Which forge port publishes the result. */
  forge: 'local' | 'github' | 'gitlab'
  /** `owner/name` on a hosted forge, on GitLab also `group/…/name`; null for a local repository. */
  slug: string | null
  /** Branch to start from; null means the repository's default branch. */
  base: string | null
}

/**
 * ask: the plan and every outward effect wait for a person.
 * plan: the plan goes ahead, outward effects wait for a person.
 * auto: neither waits, as far as the policy allows it.
 */
export type Autonomy = 'ask' | 'plan' | 'auto'

export type RoleName = 'plan' | 'code' | 'explore' | 'summarise' | 'title'

export interface RoleSetting {
  /** `provider/model` */
  model: string
  effort: 'low' | 'medium' | 'high' | null
  /** `provider/model` that takes over after repeated failures, or null. */
  fallback: string | null
}

export type Roles = Record<RoleName, RoleSetting>

export interface Limits {
  /** Upper bound on everything the session may spend; null for none. Integer micro-dollars. */
  budgetMicros: number | null
  /** Model calls in one turn before a person is asked. */
  maxSteps: number
  /** Model calls in one stage before the agent is nudged on. */
  maxStageSteps: number
  /** Wall-clock time of one turn, waits for people left out. */
  maxTurnMs: number
}

export type SandboxBackendName = 'docker' | 'bubblewrap' | 'process'

export interface SessionCreated {
  type: 'session-created'
  title: string
  task: Task
  repository: RepositoryRef
  autonomy: Autonomy
  roles: Roles
  limits: Limits
  /** Commands that must pass; empty means: those of the repository, or what detection finds. */
  checks: string[]
  /** null: the best backend that this machine has. */
  sandbox: SandboxBackendName | null
  /** The person (or installation) whose session this is. */
  ownerId: string
}

export interface SessionRenamed {
  type: 'session-renamed'
  title: string
}

/** First event of a fork after the copied ones: where it came from and what differs. */
export interface SessionForked {
  type: 'session-forked'
  fromSessionId: string
  fromSeq: number
  /** The checkpoint whose tree the fork starts from; null when none existed yet. */
  checkpoint: string | null
  model: string | null
}

/** verified: every check passed at the exact commit. partly-verified: some passed, none failed, some could not run. */
export type Outcome = 'verified' | 'partly-verified' | 'unverified' | 'nothing-to-do' | 'stopped' | 'failed'

export interface SessionFinished {
  type: 'session-finished'
  outcome: Outcome
  summary: string
}

// ── people ───────────────────────────────────────────────────────────────────────────────────

export interface UserMessage {
  type: 'user-message'
  text: string
  /** steer: read after the current step. queue: read when the agent rests. */
  mode: 'steer' | 'queue'
}

export type AskKind = 'plan' | 'approval' | 'question' | 'budget' | 'continue'

export interface HumanAsked {
  type: 'human-asked'
  askId: string
  kind: AskKind
  question: string
  options: string[]
  /** The tool call that waits for the answer, if one does. */
  callId: string | null
  /** For `approval`: exactly what would happen. The answer counts for this hash only, and once. */
  effect: EffectDescription | null
  expiresAt: string | null
}

export interface HumanAnswered {
  type: 'human-answered'
  askId: string
  /** approve and reject for plan, approval, budget and continue; `answer` for a question. */
  decision: 'approve' | 'reject' | 'answer'
  text: string
  /** Echoes the effect that was shown; an answer with another hash is void. */
  effectHash: string | null
  /** For `budget`: the new limit. */
  budgetMicros: number | null
}

export interface StopRequested {
  type: 'stop-requested'
  reason: string
}

export interface FeedbackGiven {
  type: 'feedback-given'
  seq: number
  verdict: 'up' | 'down'
  reason: string
}

/** A person changed how much waits for them. It counts from the next decision on; an open question stays open. */
export interface AutonomyChanged {
  type: 'autonomy-changed'
  autonomy: Autonomy
}

// ── workspace ────────────────────────────────────────────────────────────────────────────────

/** The host has its own bare copy of the repository at this commit. */
export interface RepositoryPrepared {
  type: 'repository-prepared'
  baseBranch: string
  baseOid: string
  /** The only branch that this session may push. */
  branch: string
  ms: number
}

export interface SandboxStarted {
  type: 'sandbox-started'
  backend: SandboxBackendName
  sandboxId: string
  /** Where the work tree came from: the base commit, or a checkpoint's id. */
  restoredFrom: string
  ms: number
}

export interface SetupFinished {
  type: 'setup-finished'
  ok: boolean
  cached: boolean
  steps: Receipt[]
  ms: number
}

export interface EgressDecided {
  type: 'egress-decided'
  /** `(other hosts)` where too many came at once to be named. */
  host: string
  /** 0 where no single port is meant. */
  port: number
  decision: 'allowed' | 'denied'
  reason: string
  phase: 'setup' | 'agent' | 'verification'
  /** Attempts of the same kind folded into this event. */
  count: number
}

// ── context ──────────────────────────────────────────────────────────────────────────────────

export type Trust = 'trusted' | 'untrusted'

export interface InstructionSection {
  name: string
  trust: Trust
  text: string
}

/** What the model is told once, before everything else; frozen so that the prompt prefix never changes. */
export interface InstructionsFrozen {
  type: 'instructions-frozen'
  sections: InstructionSection[]
  /** Tools from MCP servers, after ours, sorted by name. */
  mcpTools: ToolDescription[]
  sha: string
}

export interface ToolDescription {
  name: string
  description: string
  /** JSON Schema of the input object. */
  inputSchema: Record<string, unknown>
}

/** A note for the model that is not a person's message: plan state, budget, nudges, restored checkpoints, review comments. */
export interface ContextAdded {
  type: 'context-added'
  origin: string
  trust: Trust
  text: string
  ref: string | null
}

// ── model ────────────────────────────────────────────────────────────────────────────────────

export interface ModelRequested {
  type: 'model-requested'
  callId: string
  role: RoleName
  /** `provider/model` that was really called. */
  model: string
  attempt: number
  /** SHA-256 of the request as built: same log, same hash. */
  promptSha: string
  /** Upper bound reserved against every budget before the call. */
  reservedMicros: number
  /** For a helper's call (explore, summarise, title): the tool call it serves, else null. */
  forCallId: string | null
}

/** Provider data that must go back unchanged, such as reasoning signatures. */
export type ProviderData = Record<string, unknown>

export type AssistantPart =
  | { type: 'text'; text: string; provider?: ProviderData }
  | { type: 'reasoning'; text: string; provider?: ProviderData }
  | {
      type: 'tool-call'
      callId: string
      tool: string
      input: Record<string, unknown>
      /** Set when the arguments were not JSON or the tool is unknown; the call fails with this text. */
      invalid?: string
      provider?: ProviderData
    }

export interface Usage {
  /** All input tokens, cached ones included. */
  inputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  /** All output tokens, reasoning included. */
  outputTokens: number
  reasoningTokens: number
}

export type Finish = 'stop' | 'tool-calls' | 'length' | 'refusal'

export interface ModelResponded {
  type: 'model-responded'
  callId: string
  content: AssistantPart[]
  finish: Finish
  usage: Usage
  costMicros: number
  /** Date of the price book used, or `unknown` when the model is not in it. */
  priceBook: string
  firstTokenMs: number
  ms: number
}

export interface ModelFailed {
  type: 'model-failed'
  callId: string
  kind: FailureKind
  /** Safe to show: no headers, no keys. */
  message: string
  status: number | null
  /** When the next attempt is due; null when there is none. */
  retryAt: string | null
  /** Model of the next attempt when it is another one. */
  fallback: string | null
  /** What the failed call may have cost; it counts as spent. */
  costMicros: number
  /** As far as the provider reported it before the call failed. */
  usage?: Usage
  /** Text of the answer that had arrived, for people; the model is not shown it. Its head when it is long. */
  partialText?: string
}

// ── tools ────────────────────────────────────────────────────────────────────────────────────

export interface ToolRuled {
  type: 'tool-ruled'
  callId: string
  decision: 'allow' | 'ask' | 'deny'
  ruleId: string
  reason: string
}

export interface ToolStarted {
  type: 'tool-started'
  callId: string
  tool: string
}

export interface ToolFinished {
  type: 'tool-finished'
  callId: string
  ok: boolean
  /** What the model reads: head and tail of the whole output. */
  output: string
  /** SHA-256 of the whole output in the blob store when `output` is a part of it. */
  blob: string | null
  ms: number
  /** Whether the call may have changed the work tree. */
  changed: boolean
  /** input: the call itself was wrong. failed: it ran and failed. interrupted: a crash or stop cut it. denied: the gate or a person said no. */
  problem: 'input' | 'failed' | 'interrupted' | 'denied' | null
  /** Small structured facts for viewers: exit code, path, added and removed lines. */
  facts: Record<string, string | number | boolean | null>
}

// ── work ─────────────────────────────────────────────────────────────────────────────────────

export interface PlanStep {
  title: string
  status: 'open' | 'active' | 'done' | 'dropped'
}

export interface PlanUpdated {
  type: 'plan-updated'
  steps: PlanStep[]
  /** Files the plan expects to touch, as globs; becomes policy once approved. */
  paths: string[]
  note: string
}

export interface CheckpointCreated {
  type: 'checkpoint-created'
  checkpoint: string
  treeHash: string
  callId: string | null
  ms: number
}
/** A person took the work tree back, or the machine lost what came after; the next sandbox starts from this checkpoint. */
export interface CheckpointRestored {
  type: 'checkpoint-restored'
  checkpoint: string
  treeHash: string
  reason: string
}

/** A commit left the sandbox as a pack and was accepted into the session's quarantine. */
export interface CommitOffered {
  type: 'commit-offered'
  oid: string
  subject: string
  files: { path: string; added: number; removed: number }[]
  /** Findings of the tree policy that do not forbid the commit but ask for a person. */
  warnings: PolicyFinding[]
  /** The commit of the base that it contains and was judged against, when that is another one than before. */
  baseOid?: string
}

export interface PolicyFinding {
  rule: string
  path: string
  message: string
}

export interface SecretFinding {
  rule: string
  path: string
  line: number
  fingerprint: string
}

export interface ScanFinished {
  type: 'scan-finished'
  oid: string
  /** `timed-out` and `failed` block like `findings`. */
  result: 'clean' | 'findings' | 'timed-out' | 'failed'
  /** Never the secret itself. */
  findings: SecretFinding[]
  scannedBytes: number
  ms: number
}

/** What Slipway itself ran. */
export interface Receipt {
  command: string
  exitCode: number | null
  /** Set when it did not end by itself. */
  killed: 'timeout' | 'stopped' | 'sandbox-lost' | null
  ms: number
  outputSha: string
  /** Last lines, for people. */
  tail: string
}

export interface VerificationFinished {
  type: 'verification-finished'
  oid: string
  result: 'passed' | 'failed' | 'partial' | 'no-checks' | 'could-not-run'
  receipts: Receipt[]
  ms: number
}

export interface BranchPushed {
  type: 'branch-pushed'
  branch: string
  oid: string
  alreadyThere: boolean
}

export interface ChangeRequestOpened {
  type: 'change-request-opened'
  number: number
  url: string
  branch: string
  base: string
  draft: boolean
  /** Found on the forge instead of created: an earlier call's answer was lost. */
  alreadyThere: boolean
}

/** Somebody merged the change request, closed it, or opened it again. */
export interface ChangeRequestUpdated {
  type: 'change-request-updated'
  number: number
  state: 'open' | 'merged' | 'closed'
}

export interface ChecksReported {
  type: 'checks-reported'
  oid: string
  checks: ReportedCheck[]
}

export interface ReportedCheck {
  name: string
  state: 'pending' | 'passed' | 'failed'
  url: string | null
  /** Of a failed one: what its log says about the failure. */
  log?: string
}

/** Somebody wrote about the change request, or about the issue that the session is for. */
export interface ReviewReceived {
  type: 'review-received'
  author: string
  /** trusted: the author may write to the repository. */
  trust: Trust
  text: string
  url: string | null
  /** Names the comment at its forge; the same comment is never received twice. */
  ref?: string
  /** Where in the code it stands. */
  place?: { path: string; line: number | null }
}

/** The change request cannot be merged any more: its base has changed in the same places. */
export interface ConflictNoticed {
  type: 'conflict-noticed'
  /** The pushed commit that conflicts. */
  oid: string
  base: string
  /** Where the base was then; null: the forge does not say. */
  baseOid: string | null
}

/** What the base has become is in the work tree, not committed yet. The next commit has it as a parent. */
export interface BaseTakenIn {
  type: 'base-taken-in'
  base: string
  /** The commit of the base. */
  baseOid: string
  /** The work tree afterwards; null: the session's commit contained it already, and nothing was changed. */
  checkpoint: string | null
  /** Files with marks where both have changed the same lines, or where one has deleted what the other changed. */
  conflicts: string[]
}

export interface DeploymentUpdated {
  type: 'deployment-updated'
  deploymentId: string
  state: string
  url: string | null
  /** local: it runs in the session's sandbox and is looked at through Slipway. Left out: somewhere else. */
  target?: 'local' | 'preview' | 'production'
  /** What runs, or why it does not. */
  message?: string | null
  /** The commit, where one is deployed. */
  oid?: string
  /** The page of the deployer that tells more. */
  inspectorUrl?: string | null
  /** The last lines of the log of one that failed. */
  log?: string
}
export interface WriteBackDone {
  type: 'write-back-done'
  target: string
  url: string | null
}

// ── context care and guards ──────────────────────────────────────────────────────────────────

/** Outputs of these calls are replaced by a short note from now on. */
export interface OutputsPruned {
  type: 'outputs-pruned'
  callIds: string[]
  savedTokens: number
}

/** Everything before `keepFromSeq` is replaced by the summary. */
export interface ContextCompacted {
  type: 'context-compacted'
  summary: string
  keepFromSeq: number
  beforeTokens: number
  afterTokens: number
}

export type GuardName = 'loop' | 'mistakes' | 'budget' | 'turns' | 'wall' | 'secret' | 'egress' | 'model' | 'sandbox' | 'account'

export interface GuardTripped {
  type: 'guard-tripped'
  guard: GuardName
  /** nudge: the model is told. park: nothing more happens until a person says so. */
  action: 'nudge' | 'park'
  reason: string
}
