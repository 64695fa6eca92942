'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  approvePlan,
  askForPlan,
  changePlan,
  dropPlan,
  listPlans,
  makePlanProject,
  makePlanRepository,
  Plan,
  planToNotion,
  showPlan,
  stopPlan,
} from '@slipway/server/contract/plan-routes'
import { call } from '../api/client.ts'
import { every } from '../api/every.ts'

export type { Plan, PlanSummary, PlanTaskView } from '@slipway/server/contract/plan-routes'
export type Requirements = NonNullable<Plan['requirements']>

/** While the model is at work, and while sessions are. */
const SOON_MS = 1_000
const LATER_MS = 5_000

export function usePlans() {
  return useQuery({
    queryKey: ['plans'],
    queryFn: ({ signal }) => call<typeof listPlans>('GET /plans', { query: {}, signal }),
    refetchInterval: every(LATER_MS),
  })
}

export function usePlan(id: string | null) {
  return useQuery({
    queryKey: ['plan', id],
    queryFn: ({ signal }) => call<typeof showPlan>('GET /plans/:id', { params: { id: id ?? '' }, signal }),
    enabled: id !== null,
    refetchInterval: ({ state: { data } }) => (data === undefined ? false : isAtWork(data) ? SOON_MS : LATER_MS),
  })
}

/** Something happens by itself within seconds. */
function isAtWork({ state, newRepository, deployment, tasks, notion }: Plan): boolean {
  const isWriting = notion !== null && (tasks?.some(({ page }) => page === null) ?? false)
  const isMaking = newRepository?.state === 'making' || deployment?.state === 'making'
  return state === 'reading' || state === 'planning' || isMaking || isWriting
}

type Body<Contract extends { body: unknown }> = Contract extends { body: infer Schema }
  ? Schema extends { _zod: { input: infer Input } }
    ? Input
    : never
  : never

/** Everything that can be done to one plan; each answer replaces what is shown. */
export type PlanChange =
  | { kind: 'change'; body: Body<typeof changePlan> }
  | { kind: 'ask'; body: Body<typeof askForPlan> }
  | { kind: 'stop' }
  | { kind: 'approve'; body: Body<typeof approvePlan> }
  | { kind: 'notion'; body: Body<typeof planToNotion> }
  | { kind: 'repository'; body: Body<typeof makePlanRepository> }
  | { kind: 'deployment'; body: Body<typeof makePlanProject> }

export function useChangePlan(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: PlanChange) => send(id, change),
    onSuccess: (plan) => {
      queries.setQueryData(['plan', id], plan)
      void queries.invalidateQueries({ queryKey: ['plans'] })
    },
    // Somebody else may have changed it: what is shown should be what is.
    onError: () => void queries.invalidateQueries({ queryKey: ['plan', id] }),
  })
}

function send(id: string, change: PlanChange): Promise<Plan> {
  const params = { id }
  switch (change.kind) {
    case 'change':
      return call<typeof changePlan>('PATCH /plans/:id', { params, body: change.body })
    case 'ask':
      return call<typeof askForPlan>('POST /plans/:id/ask', { params, body: change.body })
    case 'stop':
      return call<typeof stopPlan>('POST /plans/:id/stop', { params })
    case 'approve':
      return call<typeof approvePlan>('POST /plans/:id/approve', { params, body: change.body })
    case 'notion':
      return call<typeof planToNotion>('POST /plans/:id/notion', { params, body: change.body })
    case 'repository':
      return call<typeof makePlanRepository>('POST /plans/:id/repository', { params, body: change.body })
    case 'deployment':
      return call<typeof makePlanProject>('POST /plans/:id/deployment', { params, body: change.body })
  }
}

export function useDropPlan(id: string, onDropped: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => call<typeof dropPlan>('DELETE /plans/:id', { params: { id } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      onDropped()
    },
  })
}
