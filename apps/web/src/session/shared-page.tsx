'use client'

import { Eye } from 'lucide-react'
import { useMemo } from 'react'
import { useShareToken } from '../routing/use-session-id.ts'
import { WindowTitle } from '../shell/window-title.tsx'
import { Wordmark } from '../shell/wordmark.tsx'
import { ConnectionBadge } from './header/connection-badge.tsx'
import { NoSession } from './layout/no-session.tsx'
import { OpeningSession } from './layout/opening-session.tsx'
import { SessionLayout } from './layout/session-layout.tsx'
import { readShared } from './read-session.ts'
import { useSessionView } from './session-hooks.ts'
import { SessionProvider } from './session-provider.tsx'

/** A session behind a shared link: the same page, to look at. */
export function SharedPage() {
  const token = useShareToken()
  const reading = useMemo(() => (token === null ? null : readShared(token)), [token])
  if (token === null || reading === null) return <OpeningShared />
  return (
    <SessionProvider key={token} sessionId={`shared-${token}`} reading={reading} may="look" shareToken={token} waiting={<OpeningShared />}>
      <SharedSession />
    </SessionProvider>
  )
}

function OpeningShared() {
  return (
    <>
      <WindowTitle title="Shared session" />
      <OpeningSession />
    </>
  )
}

function SharedSession() {
  const view = useSessionView()
  const title = view.data?.title ?? 'Shared session'
  return (
    <div className="flex h-dvh flex-col">
      <WindowTitle title={title} />
      <header className="flex h-(--top-bar-height) shrink-0 items-center gap-3 border-b border-separator px-3 sm:px-4">
        <Wordmark />
        <h1 className="min-w-0 truncate text-sm font-medium" title={title}>
          {title}
        </h1>
        <span className="ml-auto flex shrink-0 items-center gap-3">
          <span
            className="flex items-center gap-1.5 text-xs text-muted"
            title="Somebody shared this session with you; it cannot be changed from here"
          >
            <Eye aria-hidden className="size-3.5" />
            <span className="hidden sm:inline">Read-only</span>
          </span>
          {view.data !== undefined && <ConnectionBadge />}
        </span>
      </header>
      <main id="main" className="min-h-0 flex-1">
        {view.data === undefined && view.isError ? (
          <NoSession error={view.error} isShared onRetry={() => void view.refetch()} />
        ) : (
          <SessionLayout />
        )}
      </main>
    </div>
  )
}
