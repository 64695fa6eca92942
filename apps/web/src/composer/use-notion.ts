'use client'

import { useQuery } from '@tanstack/react-query'
import type { listNotionDatabases, listNotionTasks } from '@slipway/server/contract/notion-routes'
import { call } from '../api/client.ts'

const MINUTE_MS = 60_000

/** Asked of Notion, so only when somebody wants to choose. */
export function useNotionDatabases(isWanted: boolean) {
  return useQuery({
    queryKey: ['notion', 'databases'],
    queryFn: ({ signal }) => call<typeof listNotionDatabases>('GET /api/notion/databases', { signal }),
    enabled: isWanted,
    staleTime: MINUTE_MS,
    retry: false,
  })
}

export function useNotionTasks(databaseId: string | null) {
  return useQuery({
    queryKey: ['notion', 'tasks', databaseId],
    queryFn: ({ signal }) => call<typeof listNotionTasks>('GET /api/notion/tasks', { query: { database_id: databaseId ?? '' }, signal }),
    enabled: databaseId !== null,
    staleTime: MINUTE_MS,
    retry: false,
  })
}
