'use client'

// How parts of the page read the session that it shows.

import type { DeltaChannel } from '@slipway/core/ports'
import type { SessionEvent } from '@slipway/core/events'
import type { Awaited } from '@slipway/core/waiting/awaited-list'
import type { SessionView } from '@slipway/server/contract/session-schemas'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { createContext, use, useCallback, useSyncExternalStore } from 'react'
import { commentsOf, type LineComment } from './comments-store.ts'
import type { MakeFold } from './folded-events.ts'
import type { Connection } from './session-source.ts'
import type { SessionStore } from './session-store.ts'

/** A session as its page sees it; a shared link shows no money. */
export type PageView = Omit<SessionView, 'cost'> & { cost: SessionView['cost'] | null }

export interface SessionAccess {
  store: SessionStore
  /** What a person may do here: `act` everything; `look` nothing but read (viewers, shared links). */
  may: 'act' | 'look'
  /** Set on a shared link, whose addresses are `/shared/<token>`; null on a person's own page. */
  shareToken: string | null
  viewKey: readonly unknown[]
  readView: (signal: AbortSignal) => Promise<PageView>
}

export const SessionContext = createContext<SessionAccess | null>(null)

export function useSessionAccess(): SessionAccess {
  const access = use(SessionContext)
  if (access === null) throw new Error('this part belongs inside a session page')
  return access
}

export function useSessionStore(): SessionStore {
  return useSessionAccess().store
}

/** The loaded events, ascending and gapless; renders again when some arrive. */
export function useEvents(): readonly SessionEvent[] {
  const store = useSessionStore()
  return useSyncExternalStore(store.subscribe, store.getEvents, store.getEvents)
}

/** What a fold makes of the loaded events. `make` must stay the same function. */
export function useFold<Result>(make: MakeFold<Result>): Result {
  const store = useSessionStore()
  const read = (): Result => store.read(make)
  return useSyncExternalStore(store.subscribe, read, read)
}

/** Whether the first page of events is there. */
export function useHasEvents(): boolean {
  const store = useSessionStore()
  const read = (): boolean => store.getHead() > 0
  return useSyncExternalStore(store.subscribe, read, read)
}

export function useConnection(): Connection {
  const store = useSessionStore()
  return useSyncExternalStore(store.subscribe, store.getConnection, store.getConnection)
}

/** Everything that a worker waits for right now. */
export function useAwaited(): readonly Awaited[] {
  const store = useSessionStore()
  return useSyncExternalStore(store.subscribe, store.getAwaited, store.getAwaited)
}

/** Text of a running call; empty once its outcome is in the log. */
export function useDelta(callId: string, channel: DeltaChannel): string {
  const store = useSessionStore()
  const subscribe = useCallback((listener: () => void) => store.subscribeDelta(callId, channel, listener), [store, callId, channel])
  const read = (): string => store.getDelta(callId, channel)
  return useSyncExternalStore(subscribe, read, read)
}

/** Status, plan, work, cost and open question; kept fresh by the events (see `useFreshView`). */
export function useSessionView(): UseQueryResult<PageView> {
  const { viewKey, readView } = useSessionAccess()
  return useQuery({ queryKey: viewKey, queryFn: ({ signal }) => readView(signal) })
}

export function useComments(): readonly LineComment[] {
  const comments = commentsOf(useSessionStore().sessionId)
  return useSyncExternalStore(comments.subscribe, comments.list, () => none)
}

const none: readonly LineComment[] = []
