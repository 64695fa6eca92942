'use client'

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { changeSession, listSessions, searchSessions } from '@slipway/server/contract/session-routes'
import { call, type AnswerOf } from '../api/client.ts'
import { every } from '../api/every.ts'
import { useListInterval } from '../live/list-stream.ts'
import { toasts } from '../toasts/toasts.ts'
import { messageOf } from '../states/error-state.tsx'

export type SessionCard = AnswerOf<typeof listSessions>['sessions'][number]
export type Need = SessionCard['need']
export type SearchHit = AnswerOf<typeof searchSessions>['hits'][number]

export interface Filter {
  repository: string | null
  isArchived: boolean
}

/** While the server cannot say by itself that something changed. */
const REFRESH_MS = 5_000

/** Cards of one need, page by page, newest first; the counts of all needs come with them. */
export function useSessions(need: Need | null, { repository, isArchived }: Filter, pageSize: number) {
  const refetchMs = useListInterval(REFRESH_MS)
  return useInfiniteQuery({
    queryKey: ['sessions', need, repository, isArchived, pageSize],
    queryFn: ({ pageParam, signal }) =>
      call<typeof listSessions>('GET /sessions', {
        query: {
          limit: pageSize,
          archived: isArchived ? 'yes' : 'no',
          ...(need === null ? {} : { need }),
          ...(repository === null ? {} : { repository }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: every(refetchMs),
  })
}

const MOST_HITS = 50

/** The best places of the words; `isCut`: there are more than these. */
export function useSearch(words: string) {
  return useQuery({
    queryKey: ['search', words],
    queryFn: async ({ signal }) => {
      // One more than is shown tells whether these are all.
      const { hits, isComplete } = await call<typeof searchSessions>('GET /search', { query: { q: words, limit: MOST_HITS + 1 }, signal })
      return { hits: hits.slice(0, MOST_HITS), isCut: hits.length > MOST_HITS, isComplete }
    },
    enabled: words !== '',
    placeholderData: (before) => before,
    // What is still being made searchable comes a moment later.
    refetchInterval: ({ state }) => (state.data?.isComplete === false ? 1_000 : false),
  })
}

/** Puts a session away, or takes it back; the note that says so undoes it. */
export function useArchive() {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: ({ id, isArchived }: { id: string; isArchived: boolean }) =>
      call<typeof changeSession>('PATCH /sessions/:id', { params: { id }, body: { isArchived } }),
    onSuccess: (_, { id, isArchived }) => {
      toasts.add({
        text: isArchived ? 'Archived' : 'Back in the list',
        undo: () => change.mutate({ id, isArchived: !isArchived }),
      })
    },
    onError: (error) => toasts.add({ text: messageOf(error), kind: 'problem' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return change
}
