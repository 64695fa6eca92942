'use client'

import type { SessionEvent } from '@slipway/core/events'
import { useState } from 'react'
import { useEvents } from '../session-hooks.ts'
import { makeRowFold, type RowFold } from './fold-rows.ts'
import type { Row } from './row.ts'

interface Folded {
  fold: RowFold
  firstSeq: number
  lastSeq: number
}

/** The conversation's rows. New events are folded in; older pages fold everything again, because they go before it. */
export function useRows(): readonly Row[] {
  const events = useEvents()
  const [holder] = useState<{ folded: Folded | null }>({ folded: null })
  holder.folded = foldIn(holder.folded, events)
  return holder.folded?.fold.rows() ?? none
}

const none: readonly Row[] = []

// Folding the same events again changes nothing, so it may happen while rendering.
function foldIn(folded: Folded | null, events: readonly SessionEvent[]): Folded | null {
  const first = events[0]
  if (first === undefined) return null
  const isOn = folded !== null && folded.firstSeq === first.seq
  const next = isOn ? folded : { fold: makeRowFold(), firstSeq: first.seq, lastSeq: first.seq - 1 }
  for (let at = next.lastSeq - first.seq + 1; at < events.length; at++) {
    const event = events[at]!
    next.fold.push(event)
    next.lastSeq = event.seq
  }
  return next
}
