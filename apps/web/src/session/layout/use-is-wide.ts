'use client'

import { useSyncExternalStore } from 'react'

const QUERY = '(min-width: 900px)'

/** Whether the columns stand side by side; below that they are tabs. */
export function useIsWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = window.matchMedia(QUERY)
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    isWideNow,
    () => true,
  )
}

/** Outside of rendering, in a browser. */
export function isWideNow(): boolean {
  return window.matchMedia(QUERY).matches
}
