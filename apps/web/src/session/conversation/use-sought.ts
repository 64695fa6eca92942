'use client'

import { useEffect, useMemo, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { useHash } from '../../routing/use-hash.ts'
import { seqIn } from '../event-address.ts'
import { useEvents } from '../session-hooks.ts'
import type { Row } from './row.ts'
import { lastBefore, placeOf, showsEvent } from './shows-event.ts'
import { useScrollTo } from './use-scroll-to.ts'

/**
 * Leads to the event that the address names and says which rows show it. `stay` is called when the address names one: what
 * comes in meanwhile must not draw the reader away from it.
 */
export function useSought(rows: readonly Row[], list: RefObject<VirtualizerHandle | null>, stay: () => void): (row: Row) => boolean {
  const seq = seqIn(useHash())
  const events = useEvents()
  const first = events[0]?.seq ?? 1
  const event = seq === null ? undefined : events[seq - first]
  const placeIn = useMemo(
    () => (all: readonly Row[], wanted: number) => (event === undefined ? lastBefore(all, wanted) : placeOf(all, event)),
    [event],
  )
  useEffect(() => {
    if (seq !== null) stay()
  }, [seq, stay])
  useScrollTo(seq, rows, list, placeIn)

  const place = event === undefined ? -1 : placeOf(rows, event)
  return (row) => event !== undefined && (showsEvent(row, event) || rows[place] === row)
}
