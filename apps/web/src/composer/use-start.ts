'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import type { startNotionTask } from '@slipway/server/contract/notion-routes'
import type { CreateSessionBody, createSession } from '@slipway/server/contract/session-routes'
import { call } from '../api/client.ts'

interface Wanted {
  request: CreateSessionBody
  /** Of the page in Notion that the task stands on. */
  pageId: string | null
}

/** Starts a session and goes to its page. Trying again after a lost answer gives the session that the first try made. */
export function useStart(onStarted: () => void) {
  const queries = useQueryClient()
  const router = useRouter()
  const attempt = useRef({ request: '', key: '' })
  return useMutation({
    mutationFn: async ({ request, pageId }: Wanted): Promise<string> => {
      // The server keeps one session for each page, however often it is asked.
      if (pageId !== null)
        return (await call<typeof startNotionTask>('POST /api/notion/tasks/:page_id/start', { params: { page_id: pageId }, body: request }))
          .sessionId
      const text = JSON.stringify(request)
      if (attempt.current.request !== text) attempt.current = { request: text, key: crypto.randomUUID() }
      const session = await call<typeof createSession>('POST /sessions', {
        body: request,
        headers: { 'idempotency-key': attempt.current.key },
      })
      queries.setQueryData(['session', session.id], session)
      return session.id
    },
    onSuccess: (sessionId) => {
      attempt.current = { request: '', key: '' }
      void queries.invalidateQueries({ queryKey: ['sessions'] })
      onStarted()
      router.push(`/sessions/${sessionId}`)
    },
  })
}
