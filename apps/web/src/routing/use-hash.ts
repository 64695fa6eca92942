'use client'

import { useSyncExternalStore } from 'react'

/** What stands after `#` in the address. */
export function useHash(): string {
  return useSyncExternalStore(
    subscribe,
    () => window.location.hash.slice(1),
    () => '',
  )
}

function subscribe(listener: () => void): () => void {
  const ended = new AbortController()
  const options = { signal: ended.signal }
  window.addEventListener('hashchange', listener, options)
  window.addEventListener('popstate', listener, options)
  // The router changes the address without either of these, in the middle of drawing the page.
  if ('navigation' in window) window.navigation.addEventListener('currententrychange', () => queueMicrotask(listener), options)
  return () => ended.abort()
}
