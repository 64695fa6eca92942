// One WebSocket as a viewer of one session. What waits for it is bounded: a viewer that does not read is told where to
// go on and let go, and nobody else notices.

import type { WebSocket } from 'ws'
import type { EventLog, LiveBus } from '@slipway/core/ports'
import type { DeltaMemory } from './delta-memory.ts'
import { openFeed, type FeedMessage } from './feed.ts'

export interface StreamOptions {
  /** Bytes that may wait for a viewer. */
  maxBufferedBytes: number
  heartbeatMs: number
  /** How long a full viewer may take to read most of what waits for it. */
  maxDrainMs: number
}

export const streamDefaults: StreamOptions = { maxBufferedBytes: 1_000_000, heartbeatMs: 15_000, maxDrainMs: 10_000 }

/** Close codes of our own (4000 to 4999 are free for applications, RFC 6455 section 7.4.2). */
/** What let the viewer in was taken away. */
export const CLOSED_ACCESS = 4401
export const CLOSED_SLOW = 4008
export const CLOSED_FAILED = 4011

export interface StreamInput {
  socket: WebSocket
  log: EventLog
  bus: LiveBus
  deltas: DeltaMemory | null
  sessionId: string
  after: number
  options: StreamOptions
  /** Called once, with why it ended. */
  ended(reason: 'left' | 'broken' | 'silent' | 'slow' | 'failed' | 'shut-out'): void
  failed(error: unknown): void
}

/** Streams until the viewer leaves, does not read, is silent for two heartbeats, or is shut out. */
export function streamSession(input: StreamInput): { shutOut(): void } {
  const { socket, options } = input
  let isAlive = true
  let isEnded = false

  function end(reason: Parameters<StreamInput['ended']>[0]): void {
    if (isEnded) return
    isEnded = true
    clearInterval(heartbeat)
    feed.close()
    input.ended(reason)
  }

  function closeWith(code: number, reason: 'slow' | 'failed' | 'shut-out'): void {
    if (isEnded) return
    end(reason)
    socket.close(code, reason)
    // A viewer that does not read does not read the close frame either.
    setTimeout(() => socket.terminate(), 5_000).unref()
  }

  function send(message: FeedMessage): void {
    if (!isEnded && socket.readyState === socket.OPEN) socket.send(JSON.stringify(message))
  }

  const isFull = (): boolean => socket.bufferedAmount > options.maxBufferedBytes

  async function drained(): Promise<void> {
    const deadline = performance.now() + options.maxDrainMs
    while (!isEnded && socket.bufferedAmount > options.maxBufferedBytes / 2) {
      if (performance.now() > deadline) {
        socket.send(JSON.stringify({ type: 'resync', after: feed.head() }))
        return closeWith(CLOSED_SLOW, 'slow')
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  const heartbeat = setInterval(() => {
    if (!isAlive) {
      end('silent')
      return socket.terminate()
    }
    isAlive = false
    socket.ping()
    // Also finds what the bus may have lost.
    feed.check()
  }, options.heartbeatMs)
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('close', () => end('left'))
  socket.on('error', () => end('broken'))
  const feed = openFeed({
    ...input,
    send,
    pressure: { isFull, drained },
    failed(error) {
      input.failed(error)
      closeWith(CLOSED_FAILED, 'failed')
    },
  })
  return { shutOut: () => closeWith(CLOSED_ACCESS, 'shut-out') }
}
