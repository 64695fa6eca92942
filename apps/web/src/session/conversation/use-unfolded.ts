'use client'

import { useSyncExternalStore } from 'react'
import { useSessionStore } from '../session-hooks.ts'

/** What was folded or unfolded; rows leave the page when they scroll away and must come back the same. */
const chosen = new Map<string, boolean>()
const listeners = new Set<() => void>()

/** Whether a part of a row is unfolded, and how to turn it. */
export function useUnfolded(key: string, initial = false): [boolean, () => void] {
  const { sessionId } = useSessionStore()
  const name = nameOf(sessionId, key)
  const read = (): boolean => chosen.get(name) ?? initial
  const isUnfolded = useSyncExternalStore(subscribe, read, read)
  return [isUnfolded, () => choose(name, !isUnfolded)]
}

/** Unfolds a part of a row, wherever it is shown or will be. */
export function unfold(sessionId: string, key: string): void {
  choose(nameOf(sessionId, key), true)
}

function nameOf(sessionId: string, key: string): string {
  return `${sessionId} ${key}`
}

function choose(name: string, isUnfolded: boolean): void {
  chosen.set(name, isUnfolded)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
