// One WebSocket of somebody who looks at a list of sessions.

import type { WebSocket } from 'ws'
import type { ListWatch } from './list-watch.ts'
import { CLOSED_ACCESS, type StreamInput } from './stream-session.ts'

/** Who does not read these few bytes has gone. */
const MOST_WAITING_BYTES = 10_000

interface ListStreamInput {
  socket: WebSocket
  watch: ListWatch
  ownerId: string
  heartbeatMs: number
  ended: StreamInput['ended']
}

/** `ready` once, then `changed` whenever the person's list is no longer what it was. */
export function streamList({ socket, watch, ownerId, heartbeatMs, ended }: ListStreamInput): { shutOut(): void } {
  let isAlive = true
  let isEnded = false

  function end(reason: Parameters<StreamInput['ended']>[0]): void {
    if (isEnded) return
    isEnded = true
    clearInterval(heartbeat)
    unwatch()
    ended(reason)
  }

  function say(type: 'ready' | 'changed'): void {
    if (isEnded || socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount < MOST_WAITING_BYTES) return socket.send(JSON.stringify({ type }))
    end('slow')
    socket.terminate()
  }

  const heartbeat = setInterval(() => {
    if (!isAlive) {
      end('silent')
      return socket.terminate()
    }
    isAlive = false
    socket.ping()
  }, heartbeatMs)
  const unwatch = watch.watch(ownerId, () => say('changed'))
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('close', () => end('left'))
  socket.on('error', () => end('broken'))
  say('ready')
  return {
    shutOut() {
      if (isEnded) return
      end('shut-out')
      socket.close(CLOSED_ACCESS, 'shut-out')
      // A viewer that does not read does not read the close frame either.
      setTimeout(() => socket.terminate(), 5_000).unref()
    },
  }
}
