'use client'

import { useQuery } from '@tanstack/react-query'
import type { showBoard } from '@slipway/server/contract/board-routes'
import { useCallback, useEffect, useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { every } from '../api/every.ts'
import { readStored, store } from '../stored/local.ts'

export type Board = AnswerOf<typeof showBoard>
export type Feature = Board['features'][number]
type BoardView = 'columns' | 'graph'

export interface BoardChoice {
  /** null: the one that was worked on last. */
  repository: string | null
  view: BoardView
  /** The feature that somebody came for. */
  feature: string | null
}

const REFRESH_MS = 10_000
const STORED = 'board.repository'

/** What is looked at: in the address, so that a link shows the same; the repository is remembered besides. */
export function useBoardChoice() {
  const [choice, setChoice] = useState<BoardChoice | null>(null)
  useEffect(() => {
    const search = new URLSearchParams(window.location.search)
    setChoice({
      repository: search.get('repository') ?? readStored(STORED),
      view: search.get('view') === 'graph' ? 'graph' : 'columns',
      feature: search.get('feature'),
    })
  }, [])
  const change = useCallback((changes: Partial<BoardChoice>) => {
    setChoice((before) => {
      const next = { repository: null, view: 'columns' as const, feature: null, ...before, ...changes }
      if (changes.repository !== undefined) store(STORED, changes.repository)
      window.history.replaceState(null, '', addressOfBoard(next))
      return next
    })
  }, [])
  return { choice, change }
}

export function addressOfBoard({ repository, view, feature }: BoardChoice): string {
  const search = new URLSearchParams()
  if (repository !== null) search.set('repository', repository)
  if (view === 'graph') search.set('view', 'graph')
  if (feature !== null) search.set('feature', feature)
  return search.size === 0 ? '/board' : `/board?${search}`
}

export function useBoard(repository: string | null) {
  return useQuery({
    queryKey: ['board', repository],
    queryFn: ({ signal }) => call<typeof showBoard>('GET /board', { query: { repository: repository ?? '' }, signal }),
    enabled: repository !== null,
    refetchInterval: every(REFRESH_MS),
  })
}
