'use client'

import { useQueries } from '@tanstack/react-query'
import type { listHostedRepositories } from '@slipway/server/contract/forge-routes'
import { useEffect, useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'

export type HostedRepository = AnswerOf<typeof listHostedRepositories>['repositories'][number] & { forge: string }

const FORGES = { github: 'GitHub', gitlab: 'GitLab' } as const
const MINUTE_MS = 60_000
const TYPING_MS = 250

/** Of the person's accounts at both forges, asked once somebody wants to choose, and again for what they typed. */
export function useHostedRepositories(typed: string, isWanted: boolean) {
  const search = useSettled(typed.trim())
  const queries = useQueries({
    queries: Object.keys(FORGES).map((provider) => ({
      queryKey: ['hosted-repositories', provider, search],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call<typeof listHostedRepositories>('GET /api/integrations/:provider/repos', {
          params: { provider: provider as keyof typeof FORGES },
          query: { search },
          signal,
        }),
      enabled: isWanted,
      staleTime: MINUTE_MS,
      retry: false,
    })),
  })
  const names = Object.values(FORGES)
  return {
    repositories: queries.flatMap(({ data }, index) => (data?.repositories ?? []).map((one) => ({ ...one, forge: names[index] ?? '' }))),
    isConnected: queries.some(({ data }) => data?.isConnected),
    isPending: isWanted && queries.some(({ isPending }) => isPending),
    errors: queries.flatMap(({ error }) => (error === null ? [] : [error])),
  }
}

/** What was typed, once no key came for a moment. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return settled
}
