import { useQuery } from '@tanstack/react-query'
import type { listConnections } from '@slipway/server/contract/connection-routes'
import { call, type AnswerOf } from '../../api/client.ts'

export const CONNECTIONS = ['connections']

type Answer = AnswerOf<typeof listConnections>
export type Connection = Answer['connections'][number]
export type Provider = Answer['providers'][number]

/** The person's accounts, and what can be connected here. */
export function useConnections() {
  return useQuery({ queryKey: CONNECTIONS, queryFn: ({ signal }) => call<typeof listConnections>('GET /connections', { signal }) })
}

/** Leads to the provider, asks there, and comes back to this section. */
export function authorizeAddress(provider: string): string {
  return `/api/integrations/${provider}/auth`
}
