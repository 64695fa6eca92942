'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { throwSessionAway } from '@slipway/server/contract/session-routes'
import { useRouter } from 'next/navigation'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { useSessionStore } from '../session-hooks.ts'

/** Says what goes and what stays before anything is closed. */
export function ThrowAwayDialog({ onClose }: { onClose: () => void }) {
  const store = useSessionStore()
  const router = useRouter()
  const queries = useQueryClient()
  const away = useMutation({
    mutationFn: () => call<typeof throwSessionAway>('POST /sessions/:id/throw-away', { params: { id: store.sessionId } }),
    onSuccess({ closed }) {
      void queries.invalidateQueries({ queryKey: ['sessions'] })
      toasts.add({ text: closed === null ? 'Thrown away.' : `Thrown away; change request ${closed.number} is closed.` })
      router.push('/')
    },
  })
  return (
    <Dialog
      title="Throw this session away"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="primary" disabled={away.isPending} onClick={() => away.mutate()}>
            {away.isPending ? 'Stopping and closing' : 'Throw away'}
          </Button>
        </>
      }
    >
      <p className="text-sm text-muted">
        The agent stops, its change request is closed, and the session goes to the archive. The log and the branch stay.
      </p>
      {away.isError && <ErrorLine error={away.error} />}
    </Dialog>
  )
}
