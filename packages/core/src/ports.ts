// Everything the agent needs of the outside, as plain types. `agent` uses them, the other packages implement them,
// `apps/*` put them together once at the start, and tests pass their own.
// Expected outcomes are values; only SandboxLost and bugs are thrown.

import type {
  AssistantPart,
  EgressDecided,
  Finish,
  NewEvent,
  PolicyFinding,
  Receipt,
  RepositoryRef,
  RoleName,
  SandboxBackendName,
  ScanFinished,
  SessionEvent,
  SetupFinished,
  ToolDescription,
  Usage,
} from './events.ts'
import type { RawFailure } from './errors/failure.ts'
import type { ModelPrice } from './pricing/price.ts'

export interface Ports {
  clock: Clock
  ids: Ids
  log: EventLog
  blobs: Blobs
  bus: LiveBus
  budgets: Budgets
  effects: Effects
  model: ModelPort
  workspaces: Workspaces
  repositories: Repositories
  forges: Forges
  airlock: Airlock
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Resolves after `ms`, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Ids {
  /** A new id: sortable by time, URL-safe, 26 characters or fewer. */
  next(): string
}

// ── log ──────────────────────────────────────────────────────────────────────────────────────

/** Proof of being the one driver of a session. Every append of a driver carries it. */
export interface Lease {
  sessionId: string
  workerId: string
  fence: number
}

export interface AppendInput {
  sessionId: string
  events: NewEvent[]
  /** The head that the caller decided on; null appends wherever the head is. */
  expectedSeq: number | null
  /** Given by drivers, null for people and webhooks. */
  lease: Lease | null
  /** Makes a worker look at the session; people's appends say `now`. */
  wake: 'now' | 'no'
}

export type AppendResult =
  | { ok: true; events: SessionEvent[] }
  /** The head moved on: read from `head` and decide again. */
  | { ok: false; kind: 'conflict'; head: number }
  /** The lease is not the caller's any more: stop driving at once. */
  | { ok: false; kind: 'fenced' }
  | { ok: false; kind: 'unknown-session' }

export interface EventLog {
  /** All or nothing, in order, durable when it resolves; published to the bus afterwards. */
  append(input: AppendInput): Promise<AppendResult>
  /** Events with `seq > after`, ascending, at most `limit` (default: all). */
  read(input: { sessionId: string; after: number; limit?: number }): Promise<SessionEvent[]>
}

/** Content-addressed by SHA-256 (hex). */
export interface Blobs {
  put(bytes: Uint8Array): Promise<string>
  get(sha: string): Promise<Uint8Array | null>
}

export type DeltaChannel = 'text' | 'reasoning' | 'tool-input' | 'output'

/** Never stored. A receiver writes `text` at `offset` (UTF-16 units) of `(callId, channel)`, so that a repetition overwrites. */
export interface Delta {
  sessionId: string
  callId: string
  channel: DeltaChannel
  offset: number
  text: string
}

/** A phase of waiting that a viewer should see, such as "starting sandbox"; not stored. */
export interface Progress {
  sessionId: string
  phase: string
  text: string
  startedAt: string
  deadlineAt: string | null
}

export type LiveMessage =
  | { kind: 'events'; sessionId: string; head: number; events: SessionEvent[] | null }
  | { kind: 'delta'; delta: Delta }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'wake'; sessionId: string }

export interface LiveBus {
  publish(message: LiveMessage): void
  /** `sessionId` null: everything. Returns the unsubscribe function. The listener must not block. */
  subscribe(sessionId: string | null, listener: (message: LiveMessage) => void): () => void
}

// ── money and effects ────────────────────────────────────────────────────────────────────────

export interface Budgets {
  /** Reserves against every shared budget that applies (owner, installation). The session's own limit is judged from its log. Repeating a callId changes nothing. */
  reserve(input: {
    callId: string
    sessionId: string
    ownerId: string
    micros: number
  }): Promise<{ ok: true } | { ok: false; budget: string; limitMicros: number; spentMicros: number }>
  /** Replaces the reservation by what was really spent. The append of a call's outcome does this by itself; this is for calls that were not made. */
  settle(input: { callId: string; spentMicros: number }): Promise<void>
}

/** Idempotency of outward calls: a row `intended`, then the call, then `done` with its answer. */
export interface Effects {
  /** Returns the stored answer when the effect is done already, else marks it intended. `wasIntended` tells the caller to look up before it calls. */
  intend(input: {
    key: string
    sessionId: string
    kind: string
    request: unknown
  }): Promise<{ done: true; answer: unknown } | { done: false; wasIntended: boolean }>
  finish(input: { key: string; answer: unknown }): Promise<void>
}

/**
 * Throws when the session may have gone to another worker. Asked right before something is sent or changed, after every wait that
 * comes first: a process may be frozen in any of them. Nothing was done when it throws, and the error is passed on.
 */
export type AssertHeld = () => void

// ── model ────────────────────────────────────────────────────────────────────────────────────

export interface PromptSection {
  text: string /** End of a stable prefix worth caching. */
  cache: boolean
}

export type PromptMessage =
  | { role: 'user'; text: string; cache: boolean }
  | { role: 'assistant'; content: AssistantPart[]; cache: boolean }
  | { role: 'tool'; results: { callId: string; tool: string; ok: boolean; output: string }[]; cache: boolean }

export interface ModelRequest {
  callId: string
  sessionId: string
  role: RoleName
  /** `provider/model` */
  model: string
  effort: 'low' | 'medium' | 'high' | null
  system: PromptSection[]
  messages: PromptMessage[]
  tools: ToolDescription[]
  maxOutputTokens: number
  /** How many calls of this conversation have been answered before; lets a scripted model resume. */
  ordinal: number
}

export type ModelResult =
  | { ok: true; content: AssistantPart[]; finish: Finish; usage: Usage; firstTokenMs: number; ms: number }
  | {
      ok: false
      failure: RawFailure
      /** As far as the provider reported it before the failure. */
      usage: Usage | null
      /** Text of the answer that had arrived. */
      partialText?: string
      /** Everything that had arrived of the answer: text, reasoning and arguments. */
      arrivedChars?: number
      ms: number
    }

export interface ModelDescription {
  model: string
  provider: string
  /** null: not known before the first call. */
  hasTools: boolean | null
  contextWindow: number
  maxOutputTokens: number
  /** null: not in the price book; cost is then reported as unknown, not as zero. Local models are priced at zero. */
  price: ModelPrice | null
  /** The parts of this provider are scripted; interfaces must say so. */
  isScripted: boolean
}

export interface ModelPort {
  describe(model: string): Promise<{ ok: true; description: ModelDescription } | { ok: false; message: string }>
  /** One streaming provider call: no retries, no tool execution, no loop. Resolves within the adapter's deadlines; closes the socket when the signal aborts. */
  call(
    request: ModelRequest,
    hooks: {
      signal: AbortSignal
      onDelta(channel: DeltaChannel, callId: string, text: string): void
      assertHeld?: AssertHeld | undefined
    },
  ): Promise<ModelResult>
}

// ── sandbox ──────────────────────────────────────────────────────────────────────────────────

export interface SandboxLimits {
  memoryBytes: number
  processes: number
  /** Processor share, 1 = one core. */
  cpus: number
  diskBytes: number
}

/** Host patterns: `example.org` (exact) or `*.example.org` (below it). Ports 443 and 80 unless named as `host:port`. */
export interface EgressPolicy {
  allow: string[]
  uploadLimitBytes: number
}

export type EgressDecision = Omit<EgressDecided, 'type'>

export interface SandboxSpec {
  sandboxId: string
  sessionId: string
  /** Name of the work tree; the same name finds the same files again after a restart of the sandbox. */
  workspace: string
  limits: SandboxLimits
  egress: EgressPolicy
  phase: EgressDecision['phase']
  onEgress(decision: EgressDecision): void
  /** Also before each checkpoint and each restoring of one. */
  assertHeld?: AssertHeld | undefined
}

export interface SelfTest {
  ok: boolean
  backend: SandboxBackendName
  findings: { name: string; ok: boolean; message: string; fix: string }[]
}

export interface Sandboxes {
  /** What each backend's self-test found, best backend first; those that failed included. */
  selfTests(): Promise<SelfTest[]>
  /** Refuses (`unsafe`) a backend whose self-test failed. An existing sandbox of the same workspace is ended first. */
  create(
    backend: SandboxBackendName | null,
    spec: SandboxSpec,
  ): Promise<{ ok: true; sandbox: Sandbox } | { ok: false; kind: 'none' | 'unsafe' | 'failed'; message: string }>
  /** Begins what the first `create` would have to wait for, such as the self-test. Never throws. */
  warmUp(backend: SandboxBackendName | null): void
  /**
   * Ends the sandboxes and deletes the workspaces that nobody needs; returns how many. `findOrphans` is asked after the workspaces were
   * listed, so that one which is made meanwhile cannot be taken for an orphan.
   */
  reap(findOrphans: (workspaces: string[]) => Promise<string[]>): Promise<number>
  /** Gives a new workspace a copy of another one's checkpoints, for a fork; false when this backend cannot, or there are none. */
  copyCheckpoints(input: { backend: SandboxBackendName; from: string; to: string }): Promise<boolean>
  /** The files of a checkpoint, its work tree untouched and no sandbox needed; null when this machine does not have it. */
  readCheckpoint(input: { backend: SandboxBackendName; workspace: string; checkpoint: string }): Promise<Tree | null>
  close(): Promise<void>
}

/** One file of a tree as git names it. Links are files that hold their target. */
export interface TreeFile {
  path: string
  /** `100644`, `100755` or `120000`. */
  mode: string
  oid: string
  bytes: number
}

export interface Tree {
  /** Ascending by path's bytes. */
  files: TreeFile[]
  /** Contents by object id. What is larger than `maxBytes`, or not there, is left out. */
  read(input: { oids: string[]; maxBytes: number }): Promise<Map<string, Uint8Array>>
}

export interface ExecSpec {
  /** Run without a shell; `['bash', '-lc', text]` for a shell. */
  argv: string[]
  /** Relative to the work tree; default its root. */
  cwd?: string
  env?: Record<string, string>
  stdin?: AsyncIterable<Uint8Array>
  timeoutMs: number
  signal?: AbortSignal
  /** Awaited: a slow reader slows the command, not the host's memory. */
  onOutput?(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void | Promise<void>
}

export interface ExecResult {
  exitCode: number | null
  killed: 'timeout' | 'stopped' | 'memory' | null
  ms: number
}

/** A command with open pipes, for MCP servers and background jobs. */
export interface SandboxProcess {
  write(bytes: Uint8Array): Promise<void>
  endInput(): Promise<void>
  exited: Promise<ExecResult>
  /** The whole process tree, gone within 2 s. */
  kill(): Promise<void>
}

/** A connection to a port inside a sandbox. Both directions are slowed by whoever reads slowly. */
export interface SandboxConnection {
  /** What comes from inside, until the other side ends; to be read once. Throws SandboxLost when the sandbox goes. */
  incoming: AsyncIterable<Uint8Array>
  /** False when the other side has closed and nobody reads any more. */
  write(bytes: Uint8Array): Promise<boolean>
  /** Nothing more is sent; what comes can still be read. */
  endInput(): void
  /** At once, in both directions. */
  close(): void
  /** Resolves when it is closed, from whichever side. */
  closed: Promise<void>
}

/** refused: nothing listens there. late: it was not taken in time, or the signal aborted. too-many: others must be closed first. impossible: this backend cannot. */
export type ConnectResult =
  | { ok: true; connection: SandboxConnection }
  | { ok: false; kind: 'refused' | 'late' | 'too-many' | 'impossible'; message: string }

export type FileProblem = 'missing' | 'directory' | 'special' | 'outside' | 'too-large' | 'changed' | 'denied'

export type ReadResult =
  | { ok: true; bytes: Uint8Array; totalBytes: number; sha: string }
  | { ok: false; problem: FileProblem; message: string }
export type WriteResult = { ok: true; sha: string; created: boolean } | { ok: false; problem: FileProblem; message: string }

export interface FileEntry {
  path: string
  kind: 'file' | 'directory' | 'symlink' | 'special'
  bytes: number
}

/** Every method throws SandboxLost when the sandbox is gone; `checkpoint` and `restore` also CheckpointFailed. Paths are relative to the work tree and cannot leave it. */
export interface Sandbox {
  id: string
  backend: SandboxBackendName
  /** Absolute path of the work tree as seen inside. */
  root: string
  exec(spec: ExecSpec): Promise<ExecResult>
  start(spec: Omit<ExecSpec, 'stdin' | 'timeoutMs'>): Promise<SandboxProcess>
  readFile(path: string, options: { offset?: number; maxBytes: number }): Promise<ReadResult>
  /** `expectedSha`: refuse (`changed`) when the file is not that any more; null: the file must not exist. */
  writeFile(path: string, bytes: Uint8Array, options: { expectedSha?: string | null }): Promise<WriteResult>
  list(
    path: string,
    options: { depth: number; limit: number; all: boolean },
  ): Promise<{ ok: true; entries: FileEntry[]; truncated: boolean } | { ok: false; problem: FileProblem; message: string }>
  /** Regular expression (JavaScript, `u` flag) over text files, ignored files left out. */
  search(input: {
    pattern: string
    path: string
    glob: string | null
    limit: number
    ignoreCase: boolean
    signal?: AbortSignal
  }): Promise<{ ok: true; matches: { path: string; line: number; text: string }[]; truncated: boolean } | { ok: false; message: string }>
  /** To a port on the sandbox's own loopback, and to nothing else. */
  connect(input: { port: number; timeoutMs: number; signal?: AbortSignal }): Promise<ConnectResult>
  /** TCP ports that somebody listens on inside, ascending; empty where the backend shares the host's network. */
  listeningPorts(): Promise<number[]>
  /** Snapshot of the work tree in a git directory that only the host's throw-away sandbox writes; outlives a power loss. Same tree, same hash. */
  checkpoint(): Promise<{ checkpoint: string; treeHash: string; changed: boolean; ms: number }>
  /**
   * Ignored files (such as installed packages) stay. `none`: this machine keeps no checkpoints of the work tree. `unknown`: others, not
   * this one. `damaged`: not all of it. The work tree may be half restored then.
   */
  restore(
    checkpoint: string,
  ): Promise<{ ok: true; treeHash: string } | { ok: false; kind: 'none' | 'unknown' | 'damaged'; message: string }>
  /** Replaces the egress rules, for the change from set-up to agent phase. */
  setEgress(policy: EgressPolicy, phase: EgressDecision['phase']): Promise<void>
  /** Ends every process, closes the network; the workspace stays unless told otherwise. */
  close(options: { deleteWorkspace: boolean }): Promise<void>
}

/** What a repository says of itself in `.slipway/environment.yaml`, and what its lock files tell. */
export interface Environment {
  setup: string[]
  checks: string[]
  mcp: Record<string, { command: string; args: string[]; env: Record<string, string> }>
  /** Mistakes in the file, in words; the rest of it is used. */
  problems: string[]
}

export interface WorkspaceSpec {
  repository: RepositoryRef
  sessionId: string
  backend: SandboxBackendName | null
  baseBranch: string
  baseOid: string
  branch: string
  /** The session's last offered commit, when there is one. */
  workOid: string | null
  /** The tree that the work tree must have; null: that of the commit. */
  checkpoint: string | null
  /** Those that it was made from, newest first; asked for when it is lost. */
  earlierCheckpoints(): Promise<string[]>
  signal: AbortSignal
  assertHeld?: AssertHeld | undefined
  onEgress(decision: EgressDecision): void
  /** `setup`: the repository's own commands run; `start`: whatever else has to be done before. */
  onPhase(text: string, deadlineMs: number, part: 'start' | 'setup'): void
  onOutput(text: string): void
}

export interface Workspace {
  sandbox: Sandbox
  setup: Omit<SetupFinished, 'type'> | null
  restoredFrom: string
  /** The wanted checkpoint is lost. This is what the work tree has instead: an earlier one, or a new one of the commit's files. */
  takenBackTo: { checkpoint: string; treeHash: string } | null
  ms: number
}

/** A sandbox with the session's repository in it, set up and restored. */
export interface Workspaces {
  describe(input: { repository: RepositoryRef; oid: string }): Promise<Environment>
  open(
    spec: WorkspaceSpec,
  ): Promise<{ ok: true; workspace: Workspace } | { ok: false; kind: 'none' | 'unsafe' | 'failed'; message: string }>
}

/** The work tree could not be kept, or not be brought back; the message says why and what to do. */
export class CheckpointFailed extends Error {
  readonly code = 'checkpoint-failed'
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CheckpointFailed'
  }
}

export class SandboxLost extends Error {
  readonly code = 'sandbox-lost'
  readonly sandboxId: string
  constructor(sandboxId: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SandboxLost'
    this.sandboxId = sandboxId
  }
}

// ── repositories, forges, airlock ────────────────────────────────────────────────────────────

/** Reads the host's own bare mirrors. Never touches a work tree. */
export interface Repositories {
  readFile(input: { repository: RepositoryRef; oid: string; path: string; maxBytes: number }): Promise<string | null>
  /** Blob paths of the tree, ascending, at most `limit`. */
  listFiles(input: { repository: RepositoryRef; oid: string; limit: number }): Promise<{ paths: string[]; truncated: boolean }>
  /** Last commits, one line each, newest first. */
  recentCommits(input: { repository: RepositoryRef; oid: string; limit: number }): Promise<string[]>
  /** A git bundle with `refs/heads/base` at baseOid and, when given, `refs/heads/work` at the session's last offered commit. */
  bundle(input: { repository: RepositoryRef; sessionId: string; baseOid: string; workOid: string | null }): AsyncIterable<Uint8Array>
}

export type ForgeProblem = 'auth' | 'not-found' | 'network' | 'refused' | 'conflict' | 'rate-limit' | 'empty-repository'
export type ForgeFailure = { ok: false; problem: ForgeProblem; message: string; retryAfterMs: number | null }

export interface ChangeRequest {
  number: number
  url: string
  branch: string
  base: string
  draft: boolean
  state: 'open' | 'merged' | 'closed'
  title: string
}

export interface Forge {
  /** Clones or updates the host's mirror and resolves the base branch. */
  prepare(input: {
    repository: RepositoryRef
    signal: AbortSignal
  }): Promise<{ ok: true; baseBranch: string; baseOid: string } | ForgeFailure>
  /** Pushes exactly this object to exactly this branch, fast-forward of `expectedOid` (null: the branch must not exist). Already there counts as success; a branch that is gone is made again. */
  push(input: {
    repository: RepositoryRef
    sessionId: string
    oid: string
    branch: string
    expectedOid: string | null
    signal: AbortSignal
    assertHeld?: AssertHeld | undefined
  }): Promise<{ ok: true; alreadyThere: boolean } | ForgeFailure>
  findChangeRequest(input: {
    repository: RepositoryRef
    branch: string
    signal: AbortSignal
  }): Promise<{ ok: true; changeRequest: ChangeRequest | null } | ForgeFailure>
  /** Never retried by the client. Refuses a branch that the forge does not have. */
  openChangeRequest(input: {
    repository: RepositoryRef
    branch: string
    base: string
    title: string
    body: string
    draft: boolean
    signal: AbortSignal
    assertHeld?: AssertHeld | undefined
  }): Promise<{ ok: true; changeRequest: ChangeRequest; alreadyThere: boolean } | ForgeFailure>
  updateChangeRequest(input: {
    repository: RepositoryRef
    number: number
    title: string
    body: string
    draft: boolean
    signal: AbortSignal
    assertHeld?: AssertHeld | undefined
  }): Promise<{ ok: true; changeRequest: ChangeRequest } | ForgeFailure>
  /** Adds labels and asks for reviews; what is there already stays as it is. `missing`: what the forge does not take, in words. */
  markChangeRequest(input: {
    repository: RepositoryRef
    number: number
    labels: string[]
    /** Names at the forge; `group/team` where it has teams. */
    reviewers: string[]
    signal: AbortSignal
    assertHeld?: AssertHeld | undefined
  }): Promise<{ ok: true; missing: string[] } | ForgeFailure>
  /** One that is merged or closed already stays so. The branch stays. */
  closeChangeRequest(input: {
    repository: RepositoryRef
    number: number
    signal: AbortSignal
  }): Promise<{ ok: true; changeRequest: ChangeRequest } | ForgeFailure>
}

export interface Forges {
  /** The forge with the account of this person: what they may not see there is `not-found`. */
  for(repository: RepositoryRef, ownerId: string): { ok: true; forge: Forge } | { ok: false; message: string }
}

export interface OfferedCommit {
  oid: string
  subject: string
  files: { path: string; added: number; removed: number }[]
  warnings: PolicyFinding[]
}

export interface Verification {
  result: 'passed' | 'failed' | 'partial' | 'no-checks' | 'could-not-run'
  receipts: Receipt[]
  ms: number
}

export interface Airlock {
  /** Commits the work tree inside the sandbox, takes it out as a pack into the session's quarantine, applies the tree policy. Idempotent: an unchanged tree offers the same commit again. */
  offer(input: {
    repository: RepositoryRef
    sessionId: string
    sandbox: Sandbox
    baseOid: string
    parentOid: string
    /** A commit of the base that the work tree has in it by now: it becomes a parent, and the commit is judged against it. */
    mergeOid?: string | null
    message: string
    signal: AbortSignal
  }): Promise<
    | { ok: true; commit: OfferedCommit }
    | { ok: false; kind: 'nothing-to-commit' | 'refused' | 'too-large' | 'failed'; message: string; findings: PolicyFinding[] }
  >
  /**
   * Puts a commit of the host's mirror into the sandbox and merges it into the work tree, without a commit of it. Where both have
   * changed the same, the files get marks. May be repeated as long as the work tree is the one of before.
   */
  takeIn(input: {
    repository: RepositoryRef
    sessionId: string
    sandbox: Sandbox
    /** Name of the branch that the commit is of. */
    base: string
    oid: string
    parentOid: string
    signal: AbortSignal
  }): Promise<{ ok: true; isContained: boolean; conflicts: string[] } | { ok: false; message: string }>
  /** Every blob and message between base and oid, plus `texts` (title and description). */
  scan(input: {
    repository: RepositoryRef
    sessionId: string
    baseOid: string
    oid: string
    texts: string[]
    signal: AbortSignal
  }): Promise<Omit<ScanFinished, 'type' | 'oid'>>
  /** Runs the checks in a clean sandbox at exactly this commit. */
  verify(input: {
    repository: RepositoryRef
    sessionId: string
    baseOid: string
    oid: string
    checks: string[]
    backend: SandboxBackendName | null
    signal: AbortSignal
    onOutput(text: string): void
    onEgress(decision: EgressDecision): void
  }): Promise<Verification>
  /** Unified diff between base and commit, cut at `maxBytes`. */
  diff(input: { repository: RepositoryRef; sessionId: string; baseOid: string; oid: string; maxBytes: number }): Promise<string>
}
