'use client'

import type { openPreview, showPreviews, startPreview, stopPreview } from '@slipway/server/contract/preview-routes'
import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query'
import { call, type AnswerOf } from '../../api/client.ts'
import { useSessionStore } from '../session-hooks.ts'

export type Previews = AnswerOf<typeof showPreviews>
export type Local = NonNullable<Previews['local']>

const EVERY_MS = 2_000
/** Nobody sees it; the first look afterwards comes soon enough. */
const UNSEEN_MS = 10_000

/** What listens in the sandbox and how the local preview does, asked for again and again while `isSeen`. */
export function usePreviews(isSeen: () => boolean): UseQueryResult<Previews> {
  const id = useSessionStore().sessionId
  return useQuery({
    queryKey: keyOf(id),
    queryFn: ({ signal }) => call<typeof showPreviews>('GET /sessions/:id/previews', { params: { id }, signal }),
    refetchInterval: () => (isSeen() ? EVERY_MS : UNSEEN_MS),
  })
}

interface StartWanted {
  command?: string
  port?: number
}

interface PreviewActions {
  start: UseMutationResult<Previews, unknown, StartWanted>
  stop: UseMutationResult<Previews, unknown, void>
}

export function usePreviewActions(): PreviewActions {
  const id = useSessionStore().sessionId
  const client = useQueryClient()
  const onSuccess = (previews: Previews): void => void client.setQueryData(keyOf(id), previews)
  return {
    start: useMutation({
      mutationFn: (body: StartWanted) => call<typeof startPreview>('POST /sessions/:id/previews/local', { params: { id }, body }),
      onSuccess,
    }),
    stop: useMutation({
      mutationFn: () => call<typeof stopPreview>('DELETE /sessions/:id/previews/local', { params: { id } }),
      onSuccess,
    }),
  }
}

/** An address that lets this browser in, once. */
export async function inviteTo(sessionId: string, place: { port: number; path: string }): Promise<string> {
  const { url } = await call<typeof openPreview>('POST /sessions/:id/previews', { params: { id: sessionId }, body: place })
  return url
}

function keyOf(id: string): readonly unknown[] {
  return ['session', id, 'previews']
}
