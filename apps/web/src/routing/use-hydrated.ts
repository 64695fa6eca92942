'use client'

import { useSyncExternalStore } from 'react'

/** false in the exported HTML and in the first render, so that both are the same; true from then on. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  )
}
