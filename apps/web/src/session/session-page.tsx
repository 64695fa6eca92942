'use client'

import { useMemo } from 'react'
import { useMayAct } from '../identity/use-me.ts'
import { useSessionId } from '../routing/use-session-id.ts'
import { Page } from '../shell/page.tsx'
import { SessionActions } from './header/session-actions.tsx'
import { SessionHeading } from './header/session-heading.tsx'
import { NoSession } from './layout/no-session.tsx'
import { OpeningSession } from './layout/opening-session.tsx'
import { SessionLayout } from './layout/session-layout.tsx'
import { readOwn } from './read-session.ts'
import { useHasEvents, useSessionView } from './session-hooks.ts'
import { SessionProvider } from './session-provider.tsx'

/** A session, live. */
export function SessionPage() {
  const id = useSessionId()
  const mayAct = useMayAct()
  const reading = useMemo(() => (id === null ? null : readOwn(id)), [id])
  const waiting = (
    <Page title="Session" layout="fill">
      <OpeningSession />
    </Page>
  )
  if (id === null || reading === null) return waiting
  return (
    <SessionProvider key={id} sessionId={id} reading={reading} may={mayAct ? 'act' : 'look'} waiting={waiting}>
      <OpenSession />
    </SessionProvider>
  )
}

function OpenSession() {
  const view = useSessionView()
  const hasEvents = useHasEvents()
  if (view.data === undefined && (view.isError || !hasEvents)) {
    return (
      <Page title="Session" layout="fill">
        {view.isError ? <NoSession error={view.error} isShared={false} onRetry={() => void view.refetch()} /> : <OpeningSession />}
      </Page>
    )
  }
  // What was said is there before the facts about it, which take longer the longer the session is.
  const title = view.data?.title ?? 'Session'
  return (
    <Page
      title={title}
      heading={view.data === undefined ? undefined : <SessionHeading title={title} isArchived={view.data.isArchived} />}
      actions={view.data === undefined ? undefined : <SessionActions view={view.data} />}
      layout="fill"
    >
      <SessionLayout />
    </Page>
  )
}
