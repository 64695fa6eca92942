// What a session store reads from: pages of history and the stream. One for signed-in people, one for shared links, one in tests.

import type { SessionEvent } from '@slipway/core/events'
import type { Awaited } from '@slipway/core/waiting/awaited-list'
import type { Piece } from './delta-texts.ts'

/**
 * opening: the first page is on its way. live: whatever happens is seen at once.
 * reconnecting: the line broke and is being opened again. offline: this device has no network.
 * closed: access was taken away, or the page cannot go on by itself.
 */
type ConnectionState = 'opening' | 'live' | 'reconnecting' | 'offline' | 'closed'

export interface Connection {
  state: ConnectionState
  sinceMs: number
}

export interface Following {
  onEvent(event: SessionEvent): void
  onPiece(piece: Piece): void
  onProgress(progress: Awaited): void
  onConnection(connection: Connection): void
}

export interface SessionSource {
  /** The newest `limit` events below `before`, ascending, and the seq of the last event that there is. */
  readPage(input: { before: number; limit: number; signal: AbortSignal }): Promise<{ events: SessionEvent[]; head: number }>
  /** Every event after `after`, in order, through any number of broken lines; returns how to end it. */
  follow(after: number, following: Following): () => void
}
