// What happens now, to whoever watches: at once inside this process, by NOTIFY within about 15 ms to the others.
// Nothing here is durable. A message can be lost when a connection breaks; then, and whenever listening starts, the
// current heads are announced again, so a viewer that subscribes first and reads afterwards misses no event.

import { randomUUID } from 'node:crypto'
import type { Clock, LiveBus, LiveMessage } from '@slipway/core/ports'
import type { Client, Pool } from 'pg'
import { createOutbox, unpack } from './live-pack.ts'
import { listenForNotifications, type NotificationListener } from './notification-listener.ts'

export interface StoreLiveBus extends LiveBus {
  /** Resolves when messages of other processes arrive; listening starts with the first subscription. */
  ready(): Promise<void>
  /** Sends what is left and stops listening. */
  close(): Promise<void>
}

type Listener = (message: LiveMessage) => void

const channel = 'slipway_live'
const packMs = 15
/** A listener to everything is told these many heads after a break, the latest changed first. */
const catchUpSessions = 500

/**
 * Listeners are called one after the other within `publish` and must not block: one that has work to do (a slow socket,
 * a query) puts the message in a queue of its own and drops deltas when that fills.
 * Events of one session may arrive out of order when they were appended concurrently; `seq` and `head` put them right.
 */
export function createLiveBus(input: { pool: Pool; connect(): Promise<Client>; clock: Clock }): StoreLiveBus {
  const { pool, clock } = input
  const origin = randomUUID()
  const outbox = createOutbox()
  const bySession = new Map<string | null, Set<Listener>>()
  const closing = new AbortController()
  let sending: Promise<void> | null = null
  let listener: NotificationListener | null = null

  function deliver(message: LiveMessage): void {
    for (const listeners of [bySession.get(sessionOf(message)), bySession.get(null)]) {
      for (const call of Array.from(listeners ?? [])) {
        try {
          call(message)
        } catch (error) {
          // A bug in one viewer's listener is no reason to leave the others without the message.
          process.emitWarning(error instanceof Error ? error : String(error))
        }
      }
    }
  }

  async function sendWhileFull(): Promise<void> {
    while (!outbox.isEmpty()) {
      await clock.sleep(packMs, closing.signal)
      await notify(outbox.take(origin))
    }
    sending = null
  }

  async function notify(payloads: string[]): Promise<void> {
    // A transaction of its own, and one that need not reach the disk: notifying takes a lock that all of them share.
    const text = `select set_config('synchronous_commit', 'off', true), pg_notify($1, payload) from unnest($2::text[]) as payload`
    await pool.query({ name: 'notify', text, values: [channel, payloads] }).catch(() => undefined)
  }

  async function announceHeads(): Promise<void> {
    const { rows } = await pool.query<{ id: string; head: number }>(
      `select id, head from sessions where id = any ($1)
       union (select id, head from sessions where $2 order by updated_at desc limit $3)`,
      [[...bySession.keys()].filter((id) => id !== null), bySession.has(null), catchUpSessions],
    )
    for (const { id, head } of rows) deliver({ kind: 'events', sessionId: id, head, events: null })
  }

  function listen(): NotificationListener {
    return (listener ??= listenForNotifications({
      connect: () => input.connect(),
      channel,
      clock,
      onPayload: (payload) => unpack(payload, origin)?.forEach(deliver),
      onListening: announceHeads,
    }))
  }

  return {
    publish(message) {
      deliver(message)
      if (closing.signal.aborted) return
      outbox.add(message)
      sending ??= sendWhileFull()
    },
    subscribe(sessionId, call) {
      const listeners = bySession.get(sessionId) ?? new Set()
      bySession.set(sessionId, listeners.add(call))
      if (!closing.signal.aborted) listen()
      return () => {
        listeners.delete(call)
        if (listeners.size === 0 && bySession.get(sessionId) === listeners) bySession.delete(sessionId)
      }
    },
    ready: () => listen().ready,
    async close() {
      closing.abort()
      await listener?.close()
      await sending
    },
  }
}

function sessionOf(message: LiveMessage): string {
  switch (message.kind) {
    case 'events':
    case 'wake':
      return message.sessionId
    case 'delta':
      return message.delta.sessionId
    case 'progress':
      return message.progress.sessionId
  }
}
