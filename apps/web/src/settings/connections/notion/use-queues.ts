'use client'

import { useQuery } from '@tanstack/react-query'
import type { listNotionConnections, listNotionDatabases } from '@slipway/server/contract/notion-routes'
import { call, type AnswerOf } from '../../../api/client.ts'

export const QUEUES = ['notion', 'connections']

export type Queue = AnswerOf<typeof listNotionConnections>['connections'][number]
export type Database = AnswerOf<typeof listNotionDatabases>['databases'][number]

/** Databases of Notion that are connected, as Slipway knows them. */
export function useQueues() {
  return useQuery({ queryKey: QUEUES, queryFn: ({ signal }) => call<typeof listNotionConnections>('GET /notion/connections', { signal }) })
}
