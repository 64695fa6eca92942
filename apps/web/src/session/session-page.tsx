'use client'

import { Page } from '../shell/page.tsx'
import { useSessionId } from '../routing/use-session-id.ts'

export function SessionPage() {
  const id = useSessionId()
  return (
    <Page title="Session" layout="fill">
      <p className="p-6 font-mono text-sm text-muted">{id}</p>
    </Page>
  )
}
