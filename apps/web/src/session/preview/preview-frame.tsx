'use client'

import { useEffect, useState } from 'react'
import { ErrorState } from '../../states/error-state.tsx'
import { useSessionAccess } from '../session-hooks.ts'
import { NothingListens } from './nothing-listens.tsx'
import { PreviewBar } from './preview-bar.tsx'
import { inviteTo, type Previews } from './use-previews.ts'

/** What the application may do here: everything that a page may, but to lead this window elsewhere. */
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups'

type Shown = { kind: 'on its way' } | { kind: 'shown'; url: string } | { kind: 'refused'; error: unknown }

/** One port of the sandbox, in a frame of another origin. */
export function PreviewFrame({ port, previews, onPort }: { port: number; previews: Previews; onPort: (port: number) => void }) {
  const { store, may } = useSessionAccess()
  const id = store.sessionId
  const [path, setPath] = useState('/')
  const [visit, setVisit] = useState(0)
  const [shown, setShown] = useState<Shown>({ kind: 'on its way' })
  // After a roll-back the application is another one at the same port.
  const startedAt = previews.local?.startedAt

  useEffect(() => {
    if (may !== 'act') return
    let isWanted = true
    const show = (next: Shown): void => void (isWanted && setShown(next))
    // Each way in counts once, so every load asks for another.
    inviteTo(id, { port, path }).then(
      (url) => show({ kind: 'shown', url }),
      (error: unknown) => show({ kind: 'refused', error }),
    )
    return () => {
      isWanted = false
    }
  }, [id, port, path, visit, startedAt, may])

  if (may !== 'act') return <NothingListens />
  const reload = (): void => setVisit((count) => count + 1)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PreviewBar
        previews={previews}
        port={port}
        path={path}
        onPort={onPort}
        onGo={(next) => {
          setPath(next)
          reload()
        }}
        onReload={reload}
      />
      {shown.kind === 'refused' && <ErrorState error={shown.error} onRetry={reload} title="The preview could not be opened" />}
      {shown.kind === 'shown' && (
        <iframe
          key={shown.url}
          src={shown.url}
          title={`Preview of port ${port}`}
          sandbox={SANDBOX}
          referrerPolicy="no-referrer"
          className="min-h-0 w-full flex-1 border-0 bg-white"
        />
      )}
    </div>
  )
}
