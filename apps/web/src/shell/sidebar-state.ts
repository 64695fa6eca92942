// Whether the sidebar is narrow, kept in this browser.

import { useSyncExternalStore } from 'react'
import { readStored, store } from '../stored/local.ts'

const KEY = 'sidebar-collapsed'
const listeners = new Set<() => void>()

export function toggleSidebar(): void {
  store(KEY, readStored(KEY) === 'yes' ? 'no' : 'yes')
  for (const listener of listeners) listener()
}

export function useIsSidebarCollapsed(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => readStored(KEY) === 'yes',
    () => false,
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
