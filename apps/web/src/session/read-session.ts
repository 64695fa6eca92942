// Where a session's events and view come from: a person's own session, or one behind a shared link.

import type { SessionEvent } from '@slipway/core/events'
import type { readEvents, showSession } from '@slipway/server/contract/session-routes'
import type { readSharedEvents, showShared } from '@slipway/server/contract/share-routes'
import { call } from '../api/client.ts'
import { browserDevice } from '../live/browser-device.ts'
import { followSession } from '../live/session-stream.ts'
import type { PageView } from './session-hooks.ts'
import type { SessionSource } from './session-source.ts'

export interface SessionReading {
  source: SessionSource
  viewKey: readonly unknown[]
  readView: (signal: AbortSignal) => Promise<PageView>
}

/** A person's own session. */
export function readOwn(id: string): SessionReading {
  return {
    source: {
      async readPage({ before, limit, signal }) {
        const page = await call<typeof readEvents>('GET /sessions/:id/events', { params: { id }, query: { before, limit }, signal })
        return toPage(page)
      },
      follow: (after, handlers) => followSession({ after, handlers, device: browserDevice(`/sessions/${id}`) }),
    },
    viewKey: ['session', id],
    readView: (signal) => call<typeof showSession>('GET /sessions/:id', { params: { id }, signal }),
  }
}

/** What a shared link leads to: the same, without money. */
export function readShared(token: string): SessionReading {
  return {
    source: {
      async readPage({ before, limit, signal }) {
        const page = await call<typeof readSharedEvents>('GET /shared/:token/events', {
          params: { token },
          query: { before, limit },
          signal,
        })
        return toPage(page)
      },
      follow: (after, handlers) => followSession({ after, handlers, device: browserDevice(`/shared/${token}`) }),
    },
    viewKey: ['shared', token],
    readView: async (signal) => {
      const shown = await call<typeof showShared>('GET /shared/:token', { params: { token }, signal })
      return { ...shown, cost: null, isArchived: false }
    },
  }
}

/** The contract passes bodies whole; their shape is that of the log. */
function toPage({ events, head }: { events: unknown[]; head: number }): { events: SessionEvent[]; head: number } {
  return { events: events as SessionEvent[], head }
}
