// Which moment of the session the page shows, kept in the address so that it can be linked to: `?at=<seq>`, or live.

import { useSyncExternalStore } from 'react'

export interface Moment {
  at: 'now' | number
  goTo(seq: number): void
  backToLive(): void
}

const NAME = 'at'
const listeners = new Set<() => void>()

/** The moment in the address, and ways to another one. */
export function useMoment(): Moment {
  const at = useSyncExternalStore(subscribe, readMoment, () => 'now' as const)
  return { at, goTo, backToLive }
}

/** The moment that the address names. */
function readMoment(): 'now' | number {
  const value = new URLSearchParams(window.location.search).get(NAME) ?? ''
  return /^[1-9]\d{0,9}$/.test(value) ? Number(value) : 'now'
}

function goTo(seq: number): void {
  const isLive = readMoment() === 'now'
  write(String(seq), isLive ? 'push' : 'replace')
}

function backToLive(): void {
  if (readMoment() !== 'now') write(null, 'push')
}

function write(value: string | null, how: 'push' | 'replace'): void {
  const url = new URL(window.location.href)
  if (value === null) url.searchParams.delete(NAME)
  else url.searchParams.set(NAME, value)
  // The state is the router's own; it must stay with the entry.
  if (how === 'push') window.history.pushState(window.history.state, '', url)
  else window.history.replaceState(window.history.state, '', url)
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}
