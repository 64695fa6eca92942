'use client'

import { useQuery } from '@tanstack/react-query'
import type { estimateCost, listBranches, listModelChoices, listRepositories } from '@slipway/server/contract/workbench-routes'
import { call, type AnswerOf } from '../api/client.ts'

export type ModelChoice = AnswerOf<typeof listModelChoices>['models'][number]
export type Estimate = AnswerOf<typeof estimateCost>

const MINUTE_MS = 60_000

export function useRepositories() {
  return useQuery({
    queryKey: ['repositories'],
    queryFn: ({ signal }) => call<typeof listRepositories>('GET /repositories', { query: { limit: 50 }, signal }),
    staleTime: MINUTE_MS,
  })
}

/** Asked of the repository itself, so only when somebody wants to choose. */
export function useBranches(repository: string | null, isWanted: boolean) {
  return useQuery({
    queryKey: ['branches', repository],
    queryFn: ({ signal }) => call<typeof listBranches>('GET /repositories/branches', { query: { repository: repository ?? '' }, signal }),
    enabled: repository !== null && isWanted,
    staleTime: MINUTE_MS,
    retry: false,
  })
}

export function useModelChoices() {
  return useQuery({
    queryKey: ['models', 'choices'],
    queryFn: ({ signal }) => call<typeof listModelChoices>('GET /models/choices', { signal }),
    staleTime: MINUTE_MS,
  })
}

export function useEstimate(model: string | null) {
  return useQuery({
    queryKey: ['estimate', model],
    queryFn: ({ signal }) => call<typeof estimateCost>('GET /estimate', { query: { model: model ?? '' }, signal }),
    enabled: model !== null,
    staleTime: 5 * MINUTE_MS,
    retry: false,
  })
}
