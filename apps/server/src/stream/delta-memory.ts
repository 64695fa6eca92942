// The text of the calls that are running right now, so that somebody who joins in the middle of an answer sees its
// beginning too. Nothing here is stored, and everything can be lost without harm.

import type { SessionEvent } from '@slipway/core/events'
import type { Delta, EventLog, LiveBus, LiveMessage } from '@slipway/core/ports'

export interface DeltaMemory {
  /** What is known of the running calls of a session, one delta for each call and channel. */
  recall(sessionId: string): Delta[]
  close(): void
}

interface Options {
  /** Characters kept for each call and channel; older text is let go first. */
  maxCharacters?: number
  maxSessions?: number
  /** Reads what another process has appended; the bus tells only that it has. Left out: nothing is heard of other processes. */
  read?: EventLog['read']
}

/** How far back to look when a session's events are first heard of from another process. */
const LOOK_BACK = 50

/** Follows every delta on the bus; a call is forgotten once its outcome is in the log. */
export function openDeltaMemory(bus: LiveBus, { maxCharacters = 200_000, maxSessions = 1_000, read }: Options = {}): DeltaMemory {
  const sessions = new Map<string, Map<string, Delta>>()
  /** Heads up to which another process's events were looked at. */
  const heads = new Map<string, number>()

  function remember(delta: Delta): void {
    const calls = sessions.get(delta.sessionId) ?? new Map<string, Delta>()
    sessions.delete(delta.sessionId)
    sessions.set(delta.sessionId, calls)
    const key = `${delta.callId} ${delta.channel}`
    calls.set(key, cap(merge(calls.get(key), delta), maxCharacters))
    const oldest = sessions.keys().next().value
    if (sessions.size > maxSessions && oldest !== undefined) letGo(oldest)
  }

  function letGo(sessionId: string): void {
    sessions.delete(sessionId)
    heads.delete(sessionId)
  }

  function hear(message: LiveMessage & { kind: 'events' }): void {
    const { sessionId, head, events } = message
    if (!sessions.has(sessionId)) return
    if (events !== null) return forgetFinished(sessionId, events)
    const after = heads.get(sessionId) ?? Math.max(0, head - LOOK_BACK)
    heads.set(sessionId, Math.max(after, head))
    // Nothing here is needed for anything but memory, so what cannot be read now is let be.
    read?.({ sessionId, after }).then(
      (found) => forgetFinished(sessionId, found),
      () => undefined,
    )
  }

  function forgetFinished(sessionId: string, events: readonly SessionEvent[]): void {
    const calls = sessions.get(sessionId)
    if (calls === undefined) return
    for (const event of events) {
      if (event.body.type === 'session-finished') calls.clear()
      if (event.body.type !== 'model-responded' && event.body.type !== 'model-failed' && event.body.type !== 'tool-finished') continue
      for (const key of calls.keys()) if (key.startsWith(`${event.body.callId} `)) calls.delete(key)
    }
    if (calls.size === 0) letGo(sessionId)
  }

  const unsubscribe = bus.subscribe(null, (message) => {
    if (message.kind === 'delta') remember(message.delta)
    if (message.kind === 'events') hear(message)
  })
  return {
    recall: (sessionId) => [...(sessions.get(sessionId)?.values() ?? [])],
    close: unsubscribe,
  }
}

/** Writes the new text at its offset; text that does not join on replaces what was known. */
function merge(known: Delta | undefined, delta: Delta): Delta {
  if (known === undefined) return delta
  const at = delta.offset - known.offset
  if (at < 0 || at > known.text.length) return delta
  return { ...known, text: known.text.slice(0, at) + delta.text + known.text.slice(at + delta.text.length) }
}

function cap(delta: Delta, maxCharacters: number): Delta {
  const excess = delta.text.length - maxCharacters
  return excess > 0 ? { ...delta, offset: delta.offset + excess, text: delta.text.slice(excess) } : delta
}
