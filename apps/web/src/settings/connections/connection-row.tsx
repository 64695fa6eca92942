'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { checkConnection } from '@slipway/server/contract/connection-routes'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Button, buttonClass } from '../../controls/button.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { Row } from '../block.tsx'
import { AccountPicture } from './account-picture.tsx'
import { describeConnection } from './describe-connection.ts'
import { DisconnectDialog } from './disconnect-dialog.tsx'
import { authorizeAddress, CONNECTIONS, type Connection, type Provider } from './use-connections.ts'

interface ConnectionRowProps {
  connection: Connection
  offer: Provider
  mayChange: boolean
  /** Opens the form for a token. */
  onToken(): void
  onChooseTeam(): void
}

export function ConnectionRow({ connection, offer, mayChange, onToken, onChooseTeam }: ConnectionRowProps) {
  const queries = useQueryClient()
  const [isLeaving, setLeaving] = useState(false)
  const isLost = connection.status === 'reconnect'
  const check = useMutation({
    mutationFn: () => call<typeof checkConnection>('POST /connections/:id/check', { params: { id: connection.id } }),
    onSuccess: () => toasts.add({ text: `${offer.label} lets in ${connection.accountName}` }),
    onSettled: () => queries.invalidateQueries({ queryKey: CONNECTIONS }),
  })
  return (
    <Row
      title={
        <span className="flex items-center gap-2">
          <AccountPicture connection={connection} />
          <span className="min-w-0 break-words">{connection.accountName}</span>
          {isLost && <span className="rounded-sm bg-danger-soft px-1.5 py-0.5 text-xs text-danger-text">Not working</span>}
        </span>
      }
      note={
        <>
          {isLost && <span className="block text-danger-text">{connection.reason ?? 'It does not work any more.'}</span>}
          {describeConnection(connection, Date.now())}
          {check.isError && !isLost && <ErrorLine error={check.error} />}
        </>
      }
    >
      {mayChange && (
        <div className="flex gap-2">
          {isLost ? <Reconnect connection={connection} offer={offer} onToken={onToken} /> : null}
          {!isLost && offer.provider === 'vercel' && connection.kind === 'token' && (
            <Button size="sm" aria-label={`Team of ${connection.accountName}`} onClick={onChooseTeam}>
              Team
            </Button>
          )}
          {!isLost && (
            <Button size="sm" aria-busy={check.isPending} aria-label={`Check ${connection.accountName}`} onClick={() => check.mutate()}>
              Check
            </Button>
          )}
          <Button size="sm" aria-label={`Disconnect ${connection.accountName}`} onClick={() => setLeaving(true)}>
            Disconnect
          </Button>
        </div>
      )}
      {isLeaving && <DisconnectDialog connection={connection} offer={offer} onClose={() => setLeaving(false)} />}
    </Row>
  )
}

function Reconnect({ connection, offer, onToken }: Pick<ConnectionRowProps, 'connection' | 'offer' | 'onToken'>) {
  const label = `Reconnect ${connection.accountName}`
  if (connection.kind !== 'token' && offer.canAuthorize)
    return (
      <a href={authorizeAddress(offer.provider)} aria-label={label} className={buttonClass({ variant: 'primary', size: 'sm' })}>
        Reconnect
      </a>
    )
  return (
    <Button size="sm" variant="primary" aria-label={label} onClick={onToken}>
      Reconnect
    </Button>
  )
}
