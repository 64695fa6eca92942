// What a tool needs and what it gives back.

import type { ToolFinished } from '@slipway/core/events'
import type { Clock, Sandbox } from '@slipway/core/ports'
import type { BackgroundCommands } from './background.ts'

export interface ToolOutcome {
  ok: boolean
  /** Written for a model: the essential fact first. May be long; the caller caps it. */
  output: string
  /** Whether the work tree may be different now. */
  changed: boolean
  problem: ToolFinished['problem']
  facts: ToolFinished['facts']
}

export interface ToolContext {
  sandbox(): Promise<Sandbox>
  signal: AbortSignal
  clock: Clock
  onOutput(text: string): void
  /** SHA-256 of each file as the model last read or wrote it. */
  fileShas: Map<string, string>
  background: BackgroundCommands
}

/** It worked, and changed nothing. */
export function read(output: string, facts: ToolFinished['facts'] = {}): ToolOutcome {
  return { ok: true, output, changed: false, problem: null, facts }
}

/** It ran and failed; `problem` input means that the call itself was wrong. */
export function failure(output: string, problem: 'input' | 'failed' = 'failed', facts: ToolFinished['facts'] = {}): ToolOutcome {
  return { ok: false, output, changed: false, problem, facts }
}
