// One connection that listens, for as long as it is wanted: it is watched, and opened again when it breaks.

import type { Clock } from '@slipway/core/ports'
import type { Client } from 'pg'

export interface NotificationListener {
  /** Resolves when it listens for the first time. */
  ready: Promise<void>
  close(): Promise<void>
}

const pingIntervalMs = 10_000
const pingTimeoutMs = 5_000
const firstRetryMs = 100
const longestRetryMs = 5_000

/** `onListening` is called each time it starts to listen: before that, notifications may have been missed. */
export function listenForNotifications(input: {
  connect(): Promise<Client>
  channel: string
  clock: Clock
  onPayload(payload: string): void
  onListening(): Promise<void>
}): NotificationListener {
  const closing = new AbortController()
  const { clock } = input
  const first = Promise.withResolvers<void>()

  async function listenOnce(): Promise<void> {
    const client = await input.connect()
    const broken = new AbortController()
    client.on('end', () => broken.abort())
    client.on('error', () => broken.abort())
    client.on('notification', (message) => input.onPayload(message.payload ?? ''))
    try {
      await client.query(`listen ${client.escapeIdentifier(input.channel)}`)
      await input.onListening()
      first.resolve()
      await untilBroken(client, AbortSignal.any([broken.signal, closing.signal]))
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  /** A connection whose other end vanished without a word looks alive for minutes; hence the pings. */
  async function untilBroken(client: Client, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(pingIntervalMs, signal)
      if (signal.aborted) return
      const answered = client.query('select 1').then(
        () => true,
        () => false,
      )
      if (!(await Promise.race([answered, clock.sleep(pingTimeoutMs, signal).then(() => false)]))) return
    }
  }

  async function run(): Promise<void> {
    let retryMs = firstRetryMs
    while (!closing.signal.aborted) {
      const startedAt = clock.now()
      await listenOnce().catch(() => undefined)
      if (clock.now() - startedAt > pingIntervalMs) retryMs = firstRetryMs
      if (closing.signal.aborted) return
      await clock.sleep(retryMs, closing.signal)
      retryMs = Math.min(retryMs * 2, longestRetryMs)
    }
  }

  const ended = run()
  return {
    ready: first.promise,
    async close() {
      closing.abort()
      first.resolve()
      await ended
    },
  }
}
