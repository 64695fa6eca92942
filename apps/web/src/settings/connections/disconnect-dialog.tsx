'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { disconnect } from '@slipway/server/contract/connection-routes'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { CONNECTIONS, type Connection, type Provider } from './use-connections.ts'

export function DisconnectDialog({ connection, offer, onClose }: { connection: Connection; offer: Provider; onClose(): void }) {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: CONNECTIONS })
  const leave = useMutation({
    mutationFn: () => call<typeof disconnect>('DELETE /connections/:id', { params: { id: connection.id } }),
    onSuccess: async ({ advice }) => {
      if (advice !== null) return
      await refresh()
      toasts.add({ text: `${connection.accountName} is disconnected` })
      onClose()
    },
  })
  const close = () => void refresh().then(onClose)
  const advice = leave.data?.advice ?? null
  return (
    <Dialog
      title={advice === null ? `Disconnect ${connection.accountName}?` : `${connection.accountName} is disconnected`}
      width="sm"
      onClose={advice === null ? onClose : close}
      footer={
        advice === null ? (
          <>
            <Button size="sm" onClick={onClose}>
              Keep it
            </Button>
            <Button size="sm" variant="danger" aria-busy={leave.isPending} onClick={() => leave.mutate()}>
              Disconnect
            </Button>
          </>
        ) : (
          <Button size="sm" variant="primary" onClick={close}>
            I know
          </Button>
        )
      }
    >
      <p className="text-sm break-words text-muted">
        {advice ?? `Sessions that work on ${offer.label} stop there until you connect it again. What was published stays.`}
      </p>
      {leave.isError && <ErrorLine error={leave.error} />}
    </Dialog>
  )
}
