// What the harness and its worker processes say to one another.

import type { EventBody, SessionEvent } from '@slipway/core/events'

/** A worker dies at the first append with this name that it makes. */
export interface KillAtAppend {
  append: string
  /** before: it is not sent off. after: it was acknowledged. during: so many milliseconds after it was sent off, stored or not. */
  when: 'before' | 'after' | { afterMs: number }
}

/** What the worker's clock says is so much later than it is, from right after its append with this name on; null: from the start. */
export interface ClockJump {
  after: string | null
  aheadMs: number
  /** Whose clock; left out: the worker's own. */
  of?: 'database'
}

/**
 * Where a session stands still in a worker until that worker was frozen and woken: `before` or `after` and an append's name, or
 * `at` and a port's call. The first session that comes by takes the place, and none takes two.
 */
export type HoldPlace = `before ${string}` | `after ${string}` | `at ${HeldCall}`
type HeldCall = 'model' | 'workspace' | 'checkpoint' | 'push' | 'change-request'

export type ToWorker =
  | { kind: 'begin'; kills: KillAtAppend[]; jumps: ClockJump[]; holds: HoldPlace[] }
  /** Takes on no session any more and goes on with those it has. */
  | { kind: 'retire' }
  /** Retires and stops itself, SIGSTOP; when it is woken, those that stood still go on before anything else happens. */
  | { kind: 'freeze' }
  /** Tells when it works on nothing any more. */
  | { kind: 'settle' }
  | { kind: 'drain' }

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'appends'; append: string }
  /** `fence`: that of the lease that the append carried. */
  | { kind: 'acknowledged'; events: SessionEvent[]; fence: number | null }
  /** Written right before a death of its own choice. */
  | { kind: 'dies'; kill: KillAtAppend }
  | { kind: 'holds'; place: HoldPlace }
  | { kind: 'retired' }
  | { kind: 'settled' }
  | { kind: 'driven'; result: string; error: string | null }

/** The same append of a session has the same name in each of its runs. `answered`: the model's answers in the log so far. */
export function nameAppend(bodies: readonly EventBody[], answered: number): string {
  const [first] = bodies
  if (!first) return 'nothing'
  switch (first.type) {
    case 'tool-ruled':
    case 'tool-started':
    case 'tool-finished':
    case 'checkpoint-created':
      return `${first.type} ${first.callId ?? 'at the start'}`
    case 'model-requested':
    case 'model-responded':
      return `${first.type} ${answered + 1}`
    case 'model-failed':
      return `${first.type} ${first.kind}`
    case 'human-asked':
      return `${first.type} ${first.kind}`
    default:
      return first.type
  }
}
