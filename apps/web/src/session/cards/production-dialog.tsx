'use client'

import type { promoteDeployment, rollBackDeployment, showDeployments } from '@slipway/server/contract/deployment-routes'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call, type AnswerOf } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { ErrorLine, ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { useSessionStore } from '../session-hooks.ts'
import { EffectDetails } from './effect-details.tsx'

interface ProductionDialogProps {
  /** promote: the one to show. rollback: the one that is shown. */
  deploymentId: string
  change: 'promote' | 'rollback'
  onClose(): void
}

type Production = NonNullable<AnswerOf<typeof showDeployments>['production']>
type Option = Production['promotable'][number] | Production['previous'][number]

/** Shows exactly what production would become, as it is now; pressing the button approves that and nothing else. */
export function ProductionDialog({ deploymentId, change, onClose }: ProductionDialogProps) {
  const { sessionId } = useSessionStore()
  const [chosen, choose] = useState<string | null>(null)
  const found = useQuery({
    queryKey: ['session', sessionId, 'deployments'],
    queryFn: ({ signal }) => call<typeof showDeployments>('GET /sessions/:id/deployments', { params: { id: sessionId }, signal }),
    gcTime: 0,
  })
  const options = optionsOf(found.data?.production ?? null, change, deploymentId)
  const option = options.find(({ id }) => id === chosen) ?? options[0] ?? null
  const approve = useMutation({
    mutationFn({ id, effect }: Option) {
      const input = { params: { id: sessionId, deploymentId: id }, body: { effectHash: effect.hash } }
      return change === 'promote'
        ? call<typeof promoteDeployment>('POST /sessions/:id/deployments/:deploymentId/promote', input)
        : call<typeof rollBackDeployment>('POST /sessions/:id/deployments/:deploymentId/rollback', input)
    },
    onSuccess() {
      toasts.add({
        text: change === 'promote' ? 'Production is changing. It takes some seconds.' : 'Production is going back. It takes some seconds.',
      })
      onClose()
    },
    onError: () => void found.refetch(),
  })
  const verb = change === 'promote' ? 'Promote' : 'Roll back'
  return (
    <Dialog
      title={change === 'promote' ? 'Promote to production' : 'Roll production back'}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={change === 'promote' ? 'primary' : 'danger'}
            disabled={option === null || approve.isPending}
            onClick={() => option !== null && approve.mutate(option)}
          >
            {approve.isPending ? 'Asking Vercel …' : verb}
          </Button>
        </>
      }
    >
      {found.isPending && <SkeletonRows rows={4} label="what production shows now" />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && option === null && <p className="text-sm">{found.data.problem ?? nothingTo(change)}</p>}
      {options.length > 1 && (
        <fieldset className="mb-3">
          <legend className="mb-1 text-sm font-medium">Which one production shall show again</legend>
          {options.map((one) => (
            <label key={one.id} className="flex items-center gap-2 py-1 text-sm">
              <input type="radio" name="deployment" checked={one.id === option?.id} onChange={() => choose(one.id)} />
              <span className="font-mono text-xs">{one.oid?.slice(0, 10) ?? one.id}</span>
              {'at' in one && <span className="text-muted">{new Date(one.at).toLocaleString()}</span>}
            </label>
          ))}
        </fieldset>
      )}
      {option !== null && (
        <>
          <p className="mb-3 text-sm font-medium">{option.effect.title}</p>
          <EffectDetails effect={option.effect} />
        </>
      )}
      {approve.isError && (
        <div className="mt-3">
          <ErrorLine error={approve.error} />
        </div>
      )}
    </Dialog>
  )
}

function optionsOf(production: Production | null, change: ProductionDialogProps['change'], deploymentId: string): Option[] {
  if (production === null) return []
  return change === 'promote' ? production.promotable.filter(({ id }) => id === deploymentId) : production.previous
}

function nothingTo(change: ProductionDialogProps['change']): string {
  return change === 'promote'
    ? 'Production shows this deployment already, or it is not ready.'
    : 'Production showed nothing else before, so there is nothing to go back to.'
}
