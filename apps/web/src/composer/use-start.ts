'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import type { CreateSessionBody, createSession } from '@slipway/server/contract/session-routes'
import { call } from '../api/client.ts'

/** Starts a session and goes to its page. Trying again after a lost answer gives the session that the first try made. */
export function useStart(onStarted: () => void) {
  const queries = useQueryClient()
  const router = useRouter()
  const attempt = useRef({ request: '', key: '' })
  return useMutation({
    mutationFn: (request: CreateSessionBody) => {
      const text = JSON.stringify(request)
      if (attempt.current.request !== text) attempt.current = { request: text, key: crypto.randomUUID() }
      return call<typeof createSession>('POST /sessions', { body: request, headers: { 'idempotency-key': attempt.current.key } })
    },
    onSuccess: (session) => {
      attempt.current = { request: '', key: '' }
      queries.setQueryData(['session', session.id], session)
      void queries.invalidateQueries({ queryKey: ['sessions'] })
      onStarted()
      router.push(`/sessions/${session.id}`)
    },
  })
}
