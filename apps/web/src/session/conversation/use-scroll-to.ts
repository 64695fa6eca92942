'use client'

import { useEffect, useRef, type RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { useSessionStore } from '../session-hooks.ts'
import type { Row } from './row.ts'

/** Goes to the place of an event once it is named, loading older pages until it is there; null names none. */
export function useScrollTo(
  seq: number | null,
  rows: readonly Row[],
  list: RefObject<VirtualizerHandle | null>,
  placeIn: (rows: readonly Row[], seq: number) => number,
): void {
  const store = useSessionStore()
  const shown = useRef<number | null>(null)
  useEffect(() => {
    if (seq === null) {
      shown.current = null
      return
    }
    if (shown.current === seq || rows.length === 0) return
    if ((rows[0]?.seq ?? 0) > seq && store.hasOlder()) {
      void store.loadOlder()
      return
    }
    const place = placeIn(rows, seq)
    return whenMeasured(list, (handle) => {
      shown.current = seq
      handle.scrollToIndex(Math.max(0, place), { align: 'center' })
    })
  }, [rows, seq, list, store, placeIn])
}

/** A list that was just made does not know its height for a few frames. Returns how to give up. */
function whenMeasured(list: RefObject<VirtualizerHandle | null>, then: (handle: VirtualizerHandle) => void): () => void {
  let frame = requestAnimationFrame(look)
  function look(): void {
    if (list.current !== null && list.current.viewportSize > 0) then(list.current)
    else frame = requestAnimationFrame(look)
  }
  return () => cancelAnimationFrame(frame)
}
