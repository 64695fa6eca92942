// What lies over the page: at most one thing, opened from anywhere.

import { useSyncExternalStore } from 'react'

export type Overlay = 'palette' | 'shortcuts' | 'help' | 'tutorial'

let open: Overlay | null = null
const listeners = new Set<() => void>()

export function openOverlay(overlay: Overlay): void {
  set(overlay)
}

export function closeOverlay(): void {
  set(null)
}

/** Also while its code is on its way. */
export function isOverlayOpen(): boolean {
  return open !== null
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => open,
    () => null,
  )
}

function set(next: Overlay | null): void {
  open = next
  for (const listener of listeners) listener()
}
