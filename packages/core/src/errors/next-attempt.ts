// When a failed model call is made again: what the provider asks for, else exponential back-off with jitter.

import type { FailureKind } from './failure.ts'

export interface AttemptInput {
  kind: FailureKind
  /** The attempt that failed, from 1. */
  attempt: number
  nowMs: number
  /** What the provider asked for, in milliseconds. */
  retryAfterMs: number | null
  /** In [0, 1): spreads the attempts of many sessions. */
  random: number
}

export type NextAttempt = { retry: true; atMs: number; useFallback: boolean } | { retry: false }

const maxAttempts = 5
const attemptsBeforeFallback = 3
const firstDelayMs = 2_000
const longestDelayMs = 60_000
const jitter = 0.25

const transient: ReadonlySet<FailureKind> = new Set(['rate-limit', 'overloaded', 'server', 'network', 'cut', 'stalled', 'empty'])

/** Whether, when and with which model the call is repeated. A provider that asks for more than 60 s gets no automatic retry. */
export function nextAttempt({ kind, attempt, nowMs, retryAfterMs, random }: AttemptInput): NextAttempt {
  if (kind === 'interrupted') return { retry: true, atMs: nowMs, useFallback: false }
  if (!transient.has(kind) || attempt >= maxAttempts) return { retry: false }
  if (retryAfterMs !== null && retryAfterMs > longestDelayMs) return { retry: false }
  const delayMs = retryAfterMs ?? Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1)) * (1 - jitter + 2 * jitter * random)
  return { retry: true, atMs: nowMs + Math.round(Math.min(delayMs, longestDelayMs)), useFallback: attempt >= attemptsBeforeFallback }
}
