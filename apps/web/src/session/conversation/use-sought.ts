'use client'

import { useEffect, useMemo, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { useHash } from '../../routing/use-hash.ts'
import { soughtIn } from '../event-address.ts'
import { useEvents, useSessionStore } from '../session-hooks.ts'
import type { Row } from './row.ts'
import { lastBefore, placeOf, showsEvent } from './shows-event.ts'
import { soughtCalls } from './sought-calls.ts'
import { useScrollTo } from './use-scroll-to.ts'
import { unfold } from './use-unfolded.ts'

const isNever = (): boolean => false

interface Found {
  /** Whether a row shows the event that the address names. */
  isSought(row: Row): boolean
  /** For SoughtCallsContext. */
  calls: { callIds: readonly string[]; words: readonly string[] }
}

/**
 * Leads to the event that the address names, unfolds what it is in, and says which rows show it. `stay` is called when the
 * address names one: what comes in meanwhile must not draw the reader away from it.
 */
export function useSought(rows: readonly Row[], list: RefObject<VirtualizerHandle | null>, stay: () => void): Found {
  const { sessionId } = useSessionStore()
  const hash = useHash()
  const sought = useMemo(() => soughtIn(hash), [hash])
  const seq = sought?.seq ?? null
  const events = useEvents()
  const first = events[0]?.seq ?? 1
  const event = seq === null ? undefined : events[seq - first]
  const placeIn = useMemo(
    () => (all: readonly Row[], wanted: number) => (event === undefined ? lastBefore(all, wanted) : placeOf(all, event)),
    [event],
  )
  const calls = useMemo(() => {
    const words = sought?.words ?? []
    return { callIds: soughtCalls(event, { words }), words }
  }, [event, sought])
  useEffect(() => {
    if (seq !== null) stay()
  }, [seq, stay])
  // Once for each address: what somebody folds again stays folded.
  useEffect(() => {
    for (const callId of calls.callIds) unfold(sessionId, callId)
  }, [sessionId, calls])
  useScrollTo(seq, rows, list, placeIn)

  const isSought = useMemo(() => {
    if (event === undefined) return isNever
    const placed = rows[placeOf(rows, event)]
    return (row: Row) => row === placed || showsEvent(row, event)
  }, [rows, event])
  return { isSought, calls }
}
