// The text of the calls that are running right now, and what is waited for, so that somebody who joins in the middle sees the
// beginning too. Nothing here is stored, and everything can be lost without harm.

import type { SessionEvent } from '@slipway/core/events'
import type { Delta, EventLog, LiveBus, LiveMessage, Progress } from '@slipway/core/ports'
import { type Awaited, type AwaitedList, makeAwaitedList } from '@slipway/core/waiting/awaited-list'

export interface DeltaMemory {
  /** What is known of the running calls of a session, one delta for each call and channel. */
  recall(sessionId: string): Delta[]
  /** What its worker waits for, as far as it is known. */
  awaited(sessionId: string): readonly Awaited[]
  close(): void
}

interface Options {
  /** Characters kept for each call and channel; older text is let go first. */
  maxCharacters?: number
  maxSessions?: number
  /** Reads what another process has appended; the bus tells only that it has. Left out: nothing is heard of other processes. */
  read?: EventLog['read']
}

interface Known {
  calls: Map<string, Delta>
  awaited: AwaitedList
}

/** How far back to look when a session's events are first heard of from another process. */
const LOOK_BACK = 50

/** Follows every delta and every wait on the bus; each is forgotten once its outcome is in the log. */
export function openDeltaMemory(bus: LiveBus, { maxCharacters = 200_000, maxSessions = 1_000, read }: Options = {}): DeltaMemory {
  const sessions = new Map<string, Known>()
  /** Heads up to which another process's events were looked at. */
  const heads = new Map<string, number>()

  function remember(delta: Delta): void {
    const { calls } = knownOf(delta.sessionId)
    const key = `${delta.callId} ${delta.channel}`
    calls.set(key, cap(merge(calls.get(key), delta), maxCharacters))
  }

  function noteWait({ sessionId, ...progress }: Progress): void {
    knownOf(sessionId).awaited.add(progress)
  }

  /** The session becomes the last one to be let go. */
  function knownOf(sessionId: string): Known {
    const known = sessions.get(sessionId) ?? { calls: new Map<string, Delta>(), awaited: makeAwaitedList() }
    sessions.delete(sessionId)
    sessions.set(sessionId, known)
    const oldest = sessions.keys().next().value
    if (sessions.size > maxSessions && oldest !== undefined) letGo(oldest)
    return known
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
    const known = sessions.get(sessionId)
    if (known === undefined) return
    const { calls, awaited } = known
    for (const event of events) {
      awaited.end(event)
      if (event.body.type === 'session-finished') calls.clear()
      if (event.body.type !== 'model-responded' && event.body.type !== 'model-failed' && event.body.type !== 'tool-finished') continue
      for (const key of calls.keys()) if (key.startsWith(`${event.body.callId} `)) calls.delete(key)
    }
    if (calls.size === 0 && awaited.all().length === 0) letGo(sessionId)
  }

  const unsubscribe = bus.subscribe(null, (message) => {
    if (message.kind === 'delta') remember(message.delta)
    if (message.kind === 'progress') noteWait(message.progress)
    if (message.kind === 'events') hear(message)
  })
  return {
    recall: (sessionId) => [...(sessions.get(sessionId)?.calls.values() ?? [])],
    awaited: (sessionId) => sessions.get(sessionId)?.awaited.all() ?? [],
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
