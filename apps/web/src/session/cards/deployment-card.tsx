'use client'

import type { cancelDeployment } from '@slipway/server/contract/deployment-routes'
import { useMutation } from '@tanstack/react-query'
import { CircleCheck, CircleSlash, CircleX, Globe, LoaderCircle, Rocket } from 'lucide-react'
import { memo, useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { OutsideLink } from '../conversation/outside-link.tsx'
import type { DeploymentRow } from '../conversation/row.ts'
import { safeUrl } from '../conversation/safe-url.ts'
import { useSessionAccess } from '../session-hooks.ts'
import { Card } from './card.tsx'
import { ProductionDialog } from './production-dialog.tsx'

/** A commit on its way to an address, or production on its way to another version. */
export const DeploymentCard = memo(function DeploymentCard({ row: { deployment, production } }: { row: DeploymentRow }) {
  const { store, may } = useSessionAccess()
  const [isChanging, setChanging] = useState(false)
  const { deploymentId, target, url, inspectorUrl, message, log, oid } = deployment
  const cancel = useMutation({
    mutationFn: () =>
      call<typeof cancelDeployment>('POST /sessions/:id/deployments/:deploymentId/cancel', {
        params: { id: store.sessionId, deploymentId },
      }),
  })
  const state = stateOf(deployment.state)
  const name = target === 'production' ? 'Production' : 'Preview'
  const address = url === null ? null : safeUrl(url)
  // A preview that production shows has nothing to be promoted for, and only what production shows can be taken back.
  const canChange = state === 'ready' && production === (target === 'production' ? 'shown' : 'no')
  const hasActions = may === 'act' && (canChange || (state === 'building' && target === 'preview'))
  const hasMore = Boolean(message) || Boolean(log) || hasActions || cancel.isError
  const { icon: Icon, colour } = LOOKS[state]
  return (
    <Card
      icon={target === 'production' ? Rocket : Globe}
      iconClass={state === 'ready' ? 'text-accent-text' : 'text-muted'}
      label={`${name} deployment`}
      title={
        <span className="flex flex-wrap items-center gap-x-2">
          {address !== null && state === 'ready' ? <OutsideLink href={address}>{name}</OutsideLink> : name}
          <span className={`inline-flex items-center gap-1 text-xs font-normal ${colour}`}>
            <Icon aria-hidden className={`size-3.5 ${state === 'building' ? 'animate-spin motion-reduce:animate-none' : ''}`} />
            {wordsOf(deployment.state)}
          </span>
          {target === 'preview' && production !== 'no' && (
            <span className="text-xs font-normal text-muted">{production === 'shown' ? 'in production' : 'on its way to production'}</span>
          )}
        </span>
      }
      facts={
        <>
          {oid !== undefined && oid !== '' && <span className="font-mono">{oid.slice(0, 10)}</span>}
          {inspectorUrl && safeUrl(inspectorUrl) !== null && <OutsideLink href={inspectorUrl}>log</OutsideLink>}
        </>
      }
      {...(hasMore && {
        children: (
          <>
            {message && <p className={`break-words ${state === 'failed' ? '' : 'text-muted'}`}>{message}</p>}
            {log && (
              <pre
                tabIndex={0}
                aria-label="End of the log"
                className="mt-2 max-h-48 overflow-auto rounded bg-default px-2 py-1.5 font-mono text-xs whitespace-pre-wrap"
              >
                {log}
              </pre>
            )}
            {hasActions && (
              <div className={`flex flex-wrap gap-2 ${message ? 'mt-2' : ''}`}>
                {state === 'building' ? (
                  <Button size="sm" aria-busy={cancel.isPending} onClick={() => cancel.mutate()}>
                    {cancel.isPending ? 'Cancelling …' : 'Cancel'}
                  </Button>
                ) : (
                  <Button size="sm" onClick={() => setChanging(true)}>
                    {target === 'production' ? 'Roll back …' : 'Promote to production …'}
                  </Button>
                )}
              </div>
            )}
            {cancel.isError && <ErrorLine error={cancel.error} />}
            {isChanging && (
              <ProductionDialog
                deploymentId={deploymentId}
                change={target === 'production' ? 'rollback' : 'promote'}
                onClose={() => setChanging(false)}
              />
            )}
          </>
        ),
      })}
    />
  )
})

type Look = 'building' | 'ready' | 'failed' | 'over'

const LOOKS = {
  building: { icon: LoaderCircle, colour: 'text-muted' },
  ready: { icon: CircleCheck, colour: 'text-success-text' },
  failed: { icon: CircleX, colour: 'text-danger-text' },
  over: { icon: CircleSlash, colour: 'text-muted' },
}

function stateOf(state: string): Look {
  if (state === 'READY') return 'ready'
  if (state === 'ERROR') return 'failed'
  return state === 'CANCELED' || state === 'DELETED' ? 'over' : 'building'
}

const WORDS: Record<string, string> = {
  WAITING: 'waiting',
  QUEUED: 'queued',
  INITIALIZING: 'starting',
  BUILDING: 'building',
  READY: 'ready',
  ERROR: 'failed',
  CANCELED: 'cancelled',
  DELETED: 'deleted',
  PROMOTING: 'being promoted',
  'ROLLING BACK': 'being rolled back',
}

function wordsOf(state: string): string {
  return WORDS[state] ?? state.toLowerCase()
}
