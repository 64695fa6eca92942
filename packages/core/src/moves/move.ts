// The moves a worker knows how to carry out, and what the decision may look at beside the state.

import type { EventBody, RoleName } from '../events.ts'
import type { ModelDescription } from '../ports.ts'
import type { Ruling } from '../policy/rule-call.ts'

export type Move =
  /** Facts that follow from the state alone. */
  | { kind: 'record'; bodies: EventBody[] }
  | { kind: 'prepare-repository' }
  | { kind: 'freeze-instructions' }
  | { kind: 'call-model'; role: RoleName; model: string; attempt: number; maxOutputTokens: number; reserveMicros: number }
  /** All at once when there are several. */
  | { kind: 'run-tools'; calls: { callId: string; ruling: Ruling }[] }
  | { kind: 'verify'; callId: string; oid: string }
  /** Fetches what the base has become and merges it into the work tree. */
  | { kind: 'take-in-base'; base: string }
  | { kind: 'compact'; keepFromSeq: number; beforeTokens: number }
  /** Nothing to do before `until` (ISO), or before somebody says something. */
  | { kind: 'wait'; until: string | null; reason: string }

export interface Situation {
  nowMs: number
  /** What is known of the models by name; a missing one counts as usable until it is tried. */
  models: ReadonlyMap<string, ModelDescription>
  /** Size of the tool descriptions and static instructions, which come before everything else. */
  prefixTokens: number
}
