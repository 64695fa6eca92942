'use client'

import { useQuery } from '@tanstack/react-query'
import type { showDoctor } from '@slipway/server/contract/workbench-routes'
import { call, type AnswerOf } from '../api/client.ts'

export type Finding = AnswerOf<typeof showDoctor>['findings'][number]

/** What the server finds when it looks at its own machine, which takes a moment. */
export function useDoctor() {
  return useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => call<typeof showDoctor>('GET /doctor', { signal }),
    staleTime: 60_000,
  })
}
