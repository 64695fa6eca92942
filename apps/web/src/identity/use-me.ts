'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { changeMe, showMe } from '@slipway/server/contract/identity-routes'
import { call, type AnswerOf } from '../api/client.ts'

export type Me = AnswerOf<typeof showMe>

/** What somebody has chosen for themselves; kept on the server, so that it is the same in every browser. */
export interface Preferences {
  model?: string
  autonomy?: 'ask' | 'plan' | 'auto'
  sandbox?: 'docker' | 'bubblewrap'
  budgetUsd?: number
  repository?: string
  hasSeenTutorial?: boolean
}

/** Who is signed in. Asked once for each page load; the answer keeps the cookie fresh. */
export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => call<typeof showMe>('GET /me', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Viewers look; members and administrators do. Unknown counts as not. */
export function useMayAct(): boolean {
  const { data } = useMe()
  return data !== undefined && data.role !== 'viewer'
}

export function preferencesOf(me: Me | undefined): Preferences {
  return (me?.preferences ?? {}) as Preferences
}

/**
 * Changes the given preferences and keeps the others; `undefined` forgets one. What is chosen shows at once and goes back when
 * the server refuses it.
 */
export function useChangePreferences() {
  const queries = useQueryClient()
  return useMutation({
    // One after the other: each sends all of them.
    scope: { id: 'preferences' },
    onMutate: async (change: Partial<Preferences>) => {
      await queries.cancelQueries({ queryKey: ['me'] })
      const before = queries.getQueryData<Me>(['me'])
      if (before !== undefined) queries.setQueryData<Me>(['me'], { ...before, preferences: { ...before.preferences, ...change } })
      return before
    },
    mutationFn: (change: Partial<Preferences>) => {
      const preferences = { ...preferencesOf(queries.getQueryData<Me>(['me'])), ...change }
      return call<typeof changeMe>('PATCH /me', {
        body: { preferences: JSON.parse(JSON.stringify(preferences)) as Record<string, unknown> },
      })
    },
    onSuccess: (me) => queries.setQueryData(['me'], me),
    onError: (_error, _change, before) => queries.setQueryData(['me'], before),
  })
}
