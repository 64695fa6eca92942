'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { makeRefresh } from '../api/make-refresh.ts'
import { useMe } from '../identity/use-me.ts'
import { listDevice } from './browser-device.ts'
import { keepLine } from './keep-line.ts'

type Message = { type: 'ready' } | { type: 'changed' }

/** Every query of lists of sessions begins so. */
const LISTS = ['sessions'] as const

const SELDOM_MS = 60_000

let isLive = false
const listeners = new Set<() => void>()

function setLive(next: boolean): void {
  isLive = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** How often a list has to be asked for: seldom while the server tells of changes by itself. */
export function useListInterval(withoutLineMs: number): number {
  const hasLine = useSyncExternalStore(
    subscribe,
    () => isLive,
    () => false,
  )
  return hasLine ? SELDOM_MS : withoutLineMs
}

/** Asks for lists again as soon as the server says that one changed. Render it once. */
export function ListStream() {
  const queries = useQueryClient()
  const isSignedIn = useMe().data !== undefined
  useEffect(() => {
    if (!isSignedIn) return
    const refresh = makeRefresh(queries, LISTS)
    const end = keepLine({
      device: listDevice(),
      handlers: {
        onMessage(data, line) {
          const message = JSON.parse(data) as Message
          if (message.type === 'ready') line.isLive()
          // Also when the line is there (again): something may have changed before.
          refresh()
        },
        onConnection: ({ state }) => setLive(state === 'live'),
      },
    })
    return () => {
      end()
      setLive(false)
    }
  }, [queries, isSignedIn])
  return null
}
