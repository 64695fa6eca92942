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
  'interrupted',
])

export interface FailedAttempt {
  kind: FailureKind
  /** Number of the attempt that failed, from 1. */
  attempt: number
  nowMs: number
  /** What the provider asked for, from now; null when it did not. */
  retryAfterMs: number | null
  /** In [0, 1). */
  random: number
}

export type NextAttempt = { retry: true; atMs: number; useFallback: boolean } | { retry: false }

/**
 * Whether and when the call is made again, and whether the fallback model takes over. The provider's wish counts up to a minute, a longer one
 * ends the attempts; else two seconds, doubled each time, ± 25 %. An interrupted call is repeated at once.
 */
export function nextAttempt(failed: FailedAttempt): NextAttempt {
  if (!TRIED_AGAIN.has(failed.kind) || failed.attempt >= MAX_ATTEMPTS) return { retry: false }
  const useFallback = failed.attempt >= ATTEMPTS_BEFORE_FALLBACK
  if (failed.kind === 'interrupted') return { retry: true, atMs: failed.nowMs, useFallback: false }
  if (failed.retryAfterMs === null) return { retry: true, atMs: failed.nowMs + backOffMs(failed), useFallback }
  if (failed.retryAfterMs > LONGEST_WAIT_MS) return { retry: false }
  return { retry: true, atMs: failed.nowMs + Math.max(0, Math.ceil(failed.retryAfterMs)), useFallback }
}

function backOffMs({ attempt, random }: FailedAttempt): number {
  const wait = FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 - JITTER + 2 * JITTER * random)
  return Math.min(LONGEST_WAIT_MS, Math.round(wait))
}
