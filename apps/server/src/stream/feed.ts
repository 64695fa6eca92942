// One viewer's view of one session: history from the log, then what happens live, without gap or duplicate.
// It subscribes before it reads, so nothing falls between the two, and counts by `seq`, so nothing comes twice.
// A viewer that is full is served from the log at its own pace: nothing is queued for it here.

import type { SessionEvent } from '@slipway/core/events'
import type { Delta, EventLog, LiveBus, LiveMessage, Progress } from '@slipway/core/ports'
import type { DeltaMemory } from './delta-memory.ts'

export type FeedMessage =
  | { type: 'event'; event: SessionEvent }
  /** Everything stored so far has been sent. */
  | { type: 'ready'; head: number }
  | { type: 'delta'; delta: Omit<Delta, 'sessionId'> }
  | { type: 'progress'; progress: Omit<Progress, 'sessionId'> }

export interface FeedInput {
  log: EventLog
  bus: LiveBus
  deltas: DeltaMemory | null
  sessionId: string
  after: number
  send(message: FeedMessage): void
  /** Whether the viewer has enough to read for now, and when it can take more. */
  pressure: { isFull(): boolean; drained(): Promise<void> } | null
  failed(error: unknown): void
}

export interface Feed {
  /** The last event that was sent. */
  head(): number
  /** Looks into the log again, in case the bus lost a message. */
  check(): void
  close(): void
}

const PAGE = 200

/** Starts sending at once; `close` ends it and nothing is sent afterwards. */
export function openFeed(input: FeedInput): Feed {
  const { log, bus, sessionId, pressure } = input
  let sent = input.after
  let closed = false
  let reading = false
  let readAgain = false
  let isReady = false
  let hasDroppedDeltas = false

  function sendEvent(event: SessionEvent): void {
    if (closed || event.seq <= sent) return
    sent = event.seq
    input.send({ type: 'event', event })
  }

  async function readPages(): Promise<void> {
    do {
      readAgain = false
      const events = await log.read({ sessionId, after: sent, limit: PAGE })
      for (const event of events) {
        sendEvent(event)
        if (!closed && pressure?.isFull()) await pressure.drained()
      }
      if (events.length === PAGE) readAgain = true
    } while (readAgain && !closed)
    // In the same tick as the last look at `readAgain`: a message from now on starts a new reading.
    reading = false
  }

  async function catchUp(): Promise<void> {
    readAgain = true
    if (reading || closed) return
    reading = true
    try {
      await readPages()
    } catch (error) {
      reading = false
      if (!closed) input.failed(error)
      return
    }
    if (closed || isReady) return
    isReady = true
    input.send({ type: 'ready', head: sent })
    sendRecalled()
    for (const progress of input.deltas?.awaited(sessionId) ?? []) input.send({ type: 'progress', progress })
  }

  function sendRecalled(): void {
    hasDroppedDeltas = false
    for (const { sessionId: _, ...delta } of input.deltas?.recall(sessionId) ?? []) input.send({ type: 'delta', delta })
  }

  function receive(message: LiveMessage): void {
    if (closed) return
    switch (message.kind) {
      case 'events':
        return receiveEvents(message.head, message.events)
      case 'delta':
        return receiveDelta(message.delta)
      case 'progress': {
        const { sessionId: _, ...progress } = message.progress
        if (isReady) input.send({ type: 'progress', progress })
        return
      }
      case 'wake':
        return
    }
  }

  function receiveEvents(head: number, events: SessionEvent[] | null): void {
    if (head <= sent) return
    const fresh = (events ?? []).filter((event) => event.seq > sent)
    if (!reading && !pressure?.isFull() && fresh[0]?.seq === sent + 1) fresh.forEach(sendEvent)
    if (head > sent) void catchUp()
  }

  // A full viewer misses deltas, never events: their text comes again, whole, with the next delta that fits.
  function receiveDelta({ sessionId: _, ...delta }: Delta): void {
    if (!isReady) return
    if (pressure?.isFull()) {
      hasDroppedDeltas = true
      return
    }
    if (hasDroppedDeltas) sendRecalled()
    input.send({ type: 'delta', delta })
  }

  const unsubscribe = bus.subscribe(sessionId, receive)
  void catchUp()
  return {
    head: () => sent,
    check: () => void catchUp(),
    close() {
      closed = true
      unsubscribe()
    },
  }
}
