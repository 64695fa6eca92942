'use client'

import { useSyncExternalStore } from 'react'

/** What stands after `#` in the address. */
export function useHash(): string {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener)
      return () => window.removeEventListener('hashchange', listener)
    },
    () => window.location.hash.slice(1),
    () => '',
  )
}
