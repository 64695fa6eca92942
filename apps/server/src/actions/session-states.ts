// States of sessions that were looked at lately, so that the next look reads only what has been appended since.

import type { SessionState } from '@slipway/core/state'

/** A state holds the conversation, some megabytes at most. */
const KEPT = 40

export interface KnownState {
  state: SessionState
  createdAt: string
  updatedAt: string
}

export interface SessionStates {
  get(sessionId: string): KnownState | null
  /** Keeps the newer one. */
  keep(sessionId: string, known: KnownState): void
  /** What is being read right now, by owner and session. */
  reading: Map<string, Promise<KnownState>>
}

export function openSessionStates(): SessionStates {
  const states = new Map<string, KnownState>()
  return {
    get: (sessionId) => states.get(sessionId) ?? null,
    keep(sessionId, known) {
      const older = states.get(sessionId)
      if (older !== undefined && older.state.head > known.state.head) return
      states.delete(sessionId)
      states.set(sessionId, known)
      const [oldest] = states.keys()
      if (states.size > KEPT && oldest !== undefined) states.delete(oldest)
    },
    reading: new Map(),
  }
}
