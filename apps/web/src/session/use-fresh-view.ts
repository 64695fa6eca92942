'use client'

import { QueryObserver, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { PageView } from './session-hooks.ts'
import type { SessionStore } from './session-store.ts'

const SETTLE_MS = 100

/**
 * Reads the view again until it is as new as the events, shortly after they came, however many. The first reading may be older
 * than the first page of events that was asked for beside it. One that is under way goes on to its end: begun anew with each
 * event, a slow one would never get there.
 */
export function useFreshView(store: Pick<SessionStore, 'getHead' | 'subscribe'> | null, viewKey: readonly unknown[]): void {
  const client = useQueryClient()
  useEffect(() => {
    if (store === null) return
    const observer = new QueryObserver<PageView>(client, { queryKey: viewKey, enabled: false })
    let timer: ReturnType<typeof setTimeout> | null = null
    // What could not be read is tried again with the next event, not again and again.
    let triedHead = 0

    function look(): void {
      const { data, isFetching } = observer.getCurrentResult()
      if (data === undefined || isFetching || store === null) return
      if (store.getHead() > Math.max(data.head, triedHead)) timer ??= setTimeout(read, SETTLE_MS)
    }

    function read(): void {
      timer = null
      triedHead = store?.getHead() ?? 0
      void client.invalidateQueries({ queryKey: viewKey, exact: true })
    }

    const unsubscribe = [store.subscribe(look), observer.subscribe(look)]
    look()
    return () => {
      for (const end of unsubscribe) end()
      if (timer !== null) clearTimeout(timer)
    }
  }, [store, client, viewKey])
}
