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
import { useSessionView } from './session-hooks.ts'
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
  if (view.data === undefined) {
    return (
      <Page title="Session" layout="fill">
        {view.isError ? <NoSession error={view.error} isShared={false} onRetry={() => void view.refetch()} /> : <OpeningSession />}
      </Page>
    )
  }
  const { title } = view.data
  return (
    <Page title={title} heading={<SessionHeading title={title} />} actions={<SessionActions view={view.data} />} layout="fill">
      <SessionLayout />
    </Page>
  )
}
