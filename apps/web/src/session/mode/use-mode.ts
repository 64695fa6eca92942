'use client'

import type { changeSession } from '@slipway/server/contract/session-routes'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { type Mode, modeOf } from '../../composer/modes.ts'
import { messageOf } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { useSessionAccess, useSessionView } from '../session-hooks.ts'

type Autonomy = Mode['value']

/** The mode of the session, and the way to change it. What is chosen shows at once, and goes back when it is refused. */
export function useMode(): { mode: Autonomy | null; isSaving: boolean; choose(mode: Autonomy): void } {
  const { store, viewKey } = useSessionAccess()
  const client = useQueryClient()
  const current = useSessionView().data?.autonomy ?? null
  const change = useMutation({
    mutationFn: (autonomy: Autonomy) =>
      call<typeof changeSession>('PATCH /sessions/:id', { params: { id: store.sessionId }, body: { autonomy } }),
    onSuccess: (view) => client.setQueryData(viewKey, view),
    onError: (error) => toasts.add({ text: `The mode is still ${modeOf(current).name}. ${messageOf(error)}`, kind: 'problem' }),
  })
  return {
    mode: change.isPending ? change.variables : current,
    isSaving: change.isPending,
    choose: (mode) => mode !== current && change.mutate(mode),
  }
}
