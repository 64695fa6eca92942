// Follows one session over WebSockets, through any number of broken lines: every event exactly once and in order.
// A line counts by `seq`: what is known already is let go, and a hole means that the line is dropped and opened again behind
// the last event that arrived.

import type { SessionEvent } from '@slipway/core/events'
import type { Delta, Progress } from '@slipway/core/ports'
import { keepLine, type Line, type LineDevice, type LineSocket, type LineState } from './keep-line.ts'

export interface StreamHandlers {
  onEvent(event: SessionEvent): void
  onPiece(piece: Omit<Delta, 'sessionId'>): void
  onProgress(progress: Omit<Progress, 'sessionId'>): void
  onConnection(connection: { state: LineState; sinceMs: number }): void
}

export interface StreamDevice extends Omit<LineDevice, 'openSocket' | 'mayRead'> {
  openSocket(after: number): LineSocket
  mayRead(after: number): Promise<boolean>
}

type StreamMessage =
  | { type: 'event'; event: SessionEvent }
  | { type: 'ready'; head: number }
  | { type: 'delta'; delta: Omit<Delta, 'sessionId'> }
  | { type: 'progress'; progress: Omit<Progress, 'sessionId'> }
  | { type: 'resync'; after: number }

/** Starts behind event `after`; returns how to end it, after which no handler is called. */
export function followSession(input: { after: number; handlers: StreamHandlers; device: StreamDevice }): () => void {
  const { handlers, device } = input
  let head = input.after

  function receive(message: StreamMessage, line: Line): void {
    switch (message.type) {
      case 'event':
        return receiveEvent(message.event, line)
      case 'ready':
        return line.isLive()
      case 'delta':
        return handlers.onPiece(message.delta)
      case 'progress':
        return handlers.onProgress(message.progress)
      case 'resync':
        // The close that follows says the same; `head` is what really arrived.
        return
    }
  }

  function receiveEvent(event: SessionEvent, line: Line): void {
    if (event.seq <= head) return
    if (event.seq > head + 1) return line.reopen()
    head = event.seq
    handlers.onEvent(event)
  }

  return keepLine({
    device: { ...device, openSocket: () => device.openSocket(head), mayRead: () => device.mayRead(head) },
    handlers: {
      onMessage: (data, line) => receive(JSON.parse(data) as StreamMessage, line),
      onConnection: handlers.onConnection,
    },
  })
}
