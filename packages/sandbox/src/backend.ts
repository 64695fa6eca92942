// What a way of confining must offer; everything else (protocol, files, streams, egress, checkpoints) is shared.

import type { Readable, Writable } from 'node:stream'
import type { SandboxBackendName } from '@slipway/core/events'
import type { AssertHeld, SandboxLimits, SelfTest } from '@slipway/core/ports'

export interface LaunchInput {
  sandboxId: string
  workspace: string
  limits: SandboxLimits
  /** The proxy's unix socket on the host; null: no network at all. */
  egressSocket: string | null
  /** Asked before a sandbox of the same workspace is ended, and before this one starts. */
  assertHeld?: AssertHeld | undefined
}

/** A running runner. */
export interface Launched {
  input: Writable
  output: Readable
  /** Absolute path of the work tree inside. */
  root: string
  /** What commands find in their environment; the runner itself starts with less. */
  environment: Record<string, string>
  /** Resolves with the reason once every process of the sandbox is gone. */
  exited: Promise<string>
  /** Ends every process; resolves when they are gone. */
  kill(reason: string): Promise<void>
  /** Set when nothing but measuring keeps the work tree in bounds; the runner is asked then. */
  diskLimitBytes: number | null
  /** How many processes were ended for lack of memory; null: only the runner can say. */
  oomKills(): Promise<number | null>
}

/** One command beside the sandbox, with the work tree and the checkpoint store mounted and nothing else; no network. */
export interface ThrowAway {
  workspace: string
  workTree: 'read-only' | 'writable'
  limits: SandboxLimits
  /** A bash script; WORK and STORE name the two directories. */
  script: string
  timeoutMs: number
  /** Asked right before it starts. */
  assertHeld?: AssertHeld | undefined
}

export interface ThrowAwayResult {
  exitCode: number | null
  stdout: string
  stderr: string
}

/** One command with nothing but the checkpoint store, which it cannot write. */
export interface ReadStore {
  workspace: string
  /** A bash script; STORE names the directory. */
  script: string
  timeoutMs: number
  onOutput(chunk: Buffer): void
}

const MIB = 1024 * 1024
/** What git needs to read objects, not what a project needs to be built. */
export const READING_LIMITS: SandboxLimits = { memoryBytes: 512 * MIB, processes: 32, cpus: 1, diskBytes: 16 * MIB }

export interface Backend {
  name: SandboxBackendName
  /** False: what listens "inside" is the host's. */
  hasOwnNetwork: boolean
  /** Directory on the host in which the proxy's socket for this sandbox is made; removed when the sandbox ends. */
  socketDirectory(sandboxId: string): Promise<string>
  selfTest(): Promise<SelfTest>
  launch(input: LaunchInput): Promise<Launched>
  throwAway(input: ThrowAway): Promise<ThrowAwayResult>
  /** The exit code; `no-store` when this workspace has no checkpoints here. */
  readStore(input: ReadStore): Promise<number | null | 'no-store'>
  /** Deletes the work tree; the checkpoint store goes too when asked. No sandbox of it may be running. */
  deleteWorkspace(workspace: string, options: { keepCheckpoints: boolean }): Promise<void>
  listWorkspaces(): Promise<string[]>
  /** False when there are none, or when they cannot be copied from here. */
  copyCheckpoints(from: string, to: string): Promise<boolean>
  /** Gives the work tree of a running, unused sandbox another name; false when that name is taken, absent where this cannot be done. */
  rename?(from: string, to: string): boolean
  /** Called when the sandbox of this workspace has ended: ends helpers that were kept for it, and waits until its disk is let go of. */
  release(workspace: string): Promise<void>
  /** Ends what an earlier process of this home left behind; what a live one uses stays. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** Thrown by `launch`: what went wrong and what to do next, safe to show. */
export class LaunchFailed extends Error {
  readonly code = 'launch-failed'
}
