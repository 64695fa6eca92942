'use client'

import type { EventOf, SessionEvent } from '@slipway/core/events'
import { useState } from 'react'
import { Button } from '../../controls/button.tsx'
import { ProductionDialog } from '../cards/production-dialog.tsx'
import { ThrowAwayDialog } from '../header/throw-away-dialog.tsx'
import { useEvents, useSessionAccess, useSessionView } from '../session-hooks.ts'
import { Section } from './safety-parts.tsx'

/** What of this session can be taken back, and the ways to do it. */
export function TakeBack() {
  const { may } = useSessionAccess()
  const changeRequest = useSessionView().data?.work.changeRequest ?? null
  const production = shownInProduction(useEvents())
  const [open, setOpen] = useState<'production' | 'session' | null>(null)
  const close = (): void => setOpen(null)
  if (may !== 'act') return null
  return (
    <Section title="Take back">
      <ul className="divide-y divide-separator rounded-md border border-border">
        {production !== null && (
          <Way
            name="The deployment"
            what="Production shows an earlier version again."
            button="Roll production back …"
            onClick={() => setOpen('production')}
          />
        )}
        <Way
          name={changeRequest === null ? 'The session' : `The session and change request ${changeRequest.number}`}
          what={`The agent stops${changeRequest === null ? '' : ', the change request is closed'}, the session goes to the archive. What it did stays in its log.`}
          button="Throw away …"
          onClick={() => setOpen('session')}
        />
      </ul>
      <p className="mt-1.5 text-xs text-muted">To take back steps of the work alone, choose one in the timeline and roll back to it.</p>
      {open === 'production' && production !== null && (
        <ProductionDialog deploymentId={production.deploymentId} change="rollback" onClose={close} />
      )}
      {open === 'session' && <ThrowAwayDialog onClose={close} />}
    </Section>
  )
}

function Way({ name, what, button, onClick }: { name: string; what: string; button: string; onClick: () => void }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-2.5 py-2">
      <span className="min-w-40 flex-1">
        <span className="block">{name}</span>
        <span className="block text-xs text-muted">{what}</span>
      </span>
      <Button size="sm" onClick={onClick}>
        {button}
      </Button>
    </li>
  )
}

/** The newest deployment of the session that production shows. */
function shownInProduction(events: readonly SessionEvent[]): EventOf<'deployment-updated'> | null {
  const newest = events.findLast(({ body }) => body.type === 'deployment-updated' && body.target === 'production')?.body
  return newest?.type === 'deployment-updated' && newest.state === 'READY' ? newest : null
}
