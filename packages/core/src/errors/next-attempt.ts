// When a failed model call is tried again. The answer is stored, so that it survives a restart.

import type { FailureKind } from './failure.ts'

export const MAX_ATTEMPTS = 5
export const ATTEMPTS_BEFORE_FALLBACK = 3
export const LONGEST_WAIT_MS = 60_000
const FIRST_WAIT_MS = 2_000
const JITTER = 0.25

const TRIED_AGAIN: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'rate-limit',
  'overloaded',
  'server',
  'network',
  'cut',
  'stalled',
  'empty',
  'repeating',
  'interrupted',
])

export interface FailedAttempt {
  kind: FailureKind
  /** Number of the attempt that failed, from 1. */
  attempt: number
  nowMs: number
  /** What the provider asked for, from now; null when it did not. */
  retryAfterMs: number | null
  /** The role's fallback model: it has none, has one that was not used yet, or the failed call was already made to it. */
  fallback: 'none' | 'ready' | 'in-use'
  /** In [0, 1). */
  random: number
}

export type NextAttempt = { retry: true; atMs: number; useFallback: boolean } | { retry: false }

/**
 * Whether and when the call is made again, and whether by the fallback model. The provider's wish counts up to a minute; a longer one hands over
 * to the fallback, or ends the attempts where there is none. Else two seconds, doubled each time, ± 25 %. An interrupted call is repeated at once.
 */
export function nextAttempt(failed: FailedAttempt): NextAttempt {
  if (!TRIED_AGAIN.has(failed.kind) || failed.attempt >= MAX_ATTEMPTS) return { retry: false }
  const isInUse = failed.fallback === 'in-use'
  if (failed.kind === 'interrupted') return { retry: true, atMs: failed.nowMs, useFallback: isInUse }
  const isTooLong = failed.retryAfterMs !== null && failed.retryAfterMs > LONGEST_WAIT_MS
  if (isTooLong && failed.fallback !== 'ready') return { retry: false }
  const useFallback = isInUse || isTooLong || (failed.fallback === 'ready' && failed.attempt >= ATTEMPTS_BEFORE_FALLBACK)
  if (failed.retryAfterMs === null || isTooLong) return { retry: true, atMs: failed.nowMs + backOffMs(failed), useFallback }
  return { retry: true, atMs: failed.nowMs + Math.max(0, Math.ceil(failed.retryAfterMs)), useFallback }
}

function backOffMs({ attempt, random }: FailedAttempt): number {
  const wait = FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 - JITTER + 2 * JITTER * random)
  return Math.min(LONGEST_WAIT_MS, Math.round(wait))
}
