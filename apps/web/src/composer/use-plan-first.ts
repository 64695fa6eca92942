'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useRef } from 'react'
import type { CreatePlanBody, createPlan } from '@slipway/server/contract/plan-routes'
import { call } from '../api/client.ts'
import type { Draft } from './draft.ts'

/** Makes a plan of what is written and goes to its page. Trying again after a lost answer gives the plan that the first try made. */
export function usePlanFirst(onMade: () => void) {
  const queries = useQueryClient()
  const router = useRouter()
  const attempt = useRef({ body: '', key: '' })
  return useMutation({
    mutationFn: async (draft: Draft): Promise<string> => {
      const body = planOf(draft)
      const text = JSON.stringify(body)
      if (attempt.current.body !== text) attempt.current = { body: text, key: crypto.randomUUID() }
      const plan = await call<typeof createPlan>('POST /plans', { body, headers: { 'idempotency-key': attempt.current.key } })
      queries.setQueryData(['plan', plan.id], plan)
      return plan.id
    },
    onSuccess: (id) => {
      attempt.current = { body: '', key: '' }
      void queries.invalidateQueries({ queryKey: ['plans'] })
      onMade()
      router.push(`/plans/${id}`)
    },
  })
}

/** A page of Notion is read as a whole; what is typed is the idea otherwise. */
function planOf(draft: Draft): CreatePlanBody {
  return {
    source: 'chat',
    ...(draft.notionPage === null ? { idea: draft.task.trim() } : { notionPageId: draft.notionPage.id }),
    ...(draft.repository === null ? {} : { repository: draft.repository }),
    ...(draft.autonomy === null ? {} : { autonomy: draft.autonomy }),
    ...(draft.base === null ? {} : { base: draft.base }),
    ...(draft.model === null ? {} : { model: draft.model }),
    ...(draft.sandbox === null ? {} : { sandbox: draft.sandbox }),
    ...(draft.budgetUsd === null ? {} : { budgetUsd: draft.budgetUsd }),
  }
}
