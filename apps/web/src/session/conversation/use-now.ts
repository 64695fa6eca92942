'use client'

import { useSyncExternalStore } from 'react'
import { formatDuration } from '../../format/duration.ts'

const listeners = new Set<() => void>()
let nowMs = Date.now()
let interval: ReturnType<typeof setInterval> | null = null

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  interval ??= setInterval(tick, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || interval === null) return
    clearInterval(interval)
    interval = null
  }
}

function tick(): void {
  nowMs = Date.now()
  for (const listener of listeners) listener()
}

function read(): number {
  // The first reader after a pause would see the end of the last one.
  if (interval === null) nowMs = Date.now()
  return nowMs
}

/** The time, once a second; everything on the page ticks together. For parts that wait, and only while they do. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read, read)
}

/** How long something has been going on, in whole seconds. */
export function useElapsed(sinceMs: number): string {
  const seconds = Math.max(0, Math.round((useNow() - sinceMs) / 1_000))
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000)
}
