'use client'

import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { fetchLayout } from './layout/session-layout.tsx'
import type { SessionReading } from './read-session.ts'
import { SessionContext, type SessionAccess } from './session-hooks.ts'
import { openSessionStore, type SessionStore } from './session-store.ts'
import { useFreshView } from './use-fresh-view.ts'

interface ProviderProps {
  sessionId: string
  reading: SessionReading
  may: SessionAccess['may']
  shareToken?: string | null
  /** Shown until the store is open, which is a moment after the first rendering. */
  waiting: ReactNode
  children: ReactNode
}

/** Opens a session for everything inside. `reading` must stay the same object for the same session. */
export function SessionProvider({ sessionId, reading, may, shareToken = null, waiting, children }: ProviderProps) {
  const [store, setStore] = useState<SessionStore | null>(null)
  useEffect(fetchLayout, [])
  useEffect(() => {
    const opened = openSessionStore({ sessionId, source: reading.source })
    setStore(opened)
    return () => opened.close()
  }, [sessionId, reading])
  useFreshView(store, reading.viewKey)
  const access = useMemo<SessionAccess | null>(
    () => (store === null ? null : { store, may, shareToken, viewKey: reading.viewKey, readView: reading.readView }),
    [store, may, shareToken, reading],
  )
  return access === null || access.store.sessionId !== sessionId ? waiting : <SessionContext value={access}>{children}</SessionContext>
}
