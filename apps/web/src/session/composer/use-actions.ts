'use client'

import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query'
import type { answerQuestion, resumeSession, sendMessage, stopSession } from '@slipway/server/contract/session-routes'
import { call, type CallInput } from '../../api/client.ts'
import { useSessionAccess } from '../session-hooks.ts'

type AnswerInput = CallInput<typeof answerQuestion>['body']

interface Actions {
  send: UseMutationResult<unknown, unknown, { text: string; mode: 'steer' | 'queue' }>
  answer: UseMutationResult<unknown, unknown, AnswerInput>
  /** On its way or taken: the same question is not answered twice while the page still shows it. */
  isAnswered: boolean
  stop: UseMutationResult<unknown, unknown, void>
  resume: UseMutationResult<unknown, unknown, void>
}

/** What people say to a session. What comes of it arrives as events. */
export function useActions(): Actions {
  const { store, viewKey } = useSessionAccess()
  const client = useQueryClient()
  const params = { id: store.sessionId }
  // A refusal mostly means that the page was behind.
  const onSettled = (): void => void client.invalidateQueries({ queryKey: viewKey, exact: true })
  const answer = useMutation({
    mutationFn: (body: AnswerInput) => call<typeof answerQuestion>('POST /sessions/:id/answers', { params, body }),
    onSettled,
  })
  return {
    send: useMutation({
      mutationFn: (body: { text: string; mode: 'steer' | 'queue' }) =>
        call<typeof sendMessage>('POST /sessions/:id/messages', { params, body }),
      // One after the other, as they were said.
      scope: { id: `messages to ${store.sessionId}` },
      onSettled,
    }),
    answer,
    isAnswered: answer.isPending || answer.isSuccess,
    stop: useMutation({ mutationFn: () => call<typeof stopSession>('DELETE /sessions/:id', { params }), onSettled }),
    resume: useMutation({ mutationFn: () => call<typeof resumeSession>('POST /sessions/:id/resume', { params }), onSettled }),
  }
}
