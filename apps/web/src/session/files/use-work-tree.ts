'use client'

// The work tree and its changes, from the API. What is as of an event never changes, so it is asked for once.

import type { sessionChanges, sessionFile, sessionFiles } from '@slipway/server/contract/file-routes'
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { call, type AnswerOf } from '../../api/client.ts'
import { useSessionAccess } from '../session-hooks.ts'

export type WorkTree = AnswerOf<typeof sessionFiles>
export type WorkFile = AnswerOf<typeof sessionFile>
export type Changes = AnswerOf<typeof sessionChanges>
export type FileChange = Changes['files'][number]
export type TreeAt = 'base' | 'now' | number

const lastingFor = (...moments: TreeAt[]): number => (moments.includes('now') ? 0 : Infinity)

export function useWorkTree(at: TreeAt): UseQueryResult<WorkTree> {
  const { id, isReadable } = useReadable()
  return useQuery({
    queryKey: ['session', id, 'files', at],
    queryFn: ({ signal }) => call<typeof sessionFiles>('GET /sessions/:id/files', { params: { id }, query: { at }, signal }),
    staleTime: lastingFor(at),
    placeholderData: keepPreviousData,
    enabled: isReadable,
  })
}

export function useChanges(from: TreeAt, to: TreeAt): UseQueryResult<Changes> {
  const { id, isReadable } = useReadable()
  return useQuery({
    queryKey: ['session', id, 'changes', from, to],
    queryFn: ({ signal }) => call<typeof sessionChanges>('GET /sessions/:id/changes', { params: { id }, query: { from, to }, signal }),
    staleTime: lastingFor(from, to),
    placeholderData: keepPreviousData,
    enabled: isReadable,
  })
}

export function useFile(path: string, at: TreeAt): UseQueryResult<WorkFile> {
  const { id, isReadable } = useReadable()
  return useQuery({
    queryKey: ['session', id, 'file', path, at],
    queryFn: ({ signal }) => call<typeof sessionFile>('GET /sessions/:id/file', { params: { id }, query: { path, at }, signal }),
    staleTime: lastingFor(at),
    placeholderData: (before) => (before?.path === path ? before : undefined),
    enabled: isReadable,
  })
}

/** A shared link shows events only. */
function useReadable(): { id: string; isReadable: boolean } {
  const { store, shareToken } = useSessionAccess()
  return { id: store.sessionId, isReadable: shareToken === null }
}
