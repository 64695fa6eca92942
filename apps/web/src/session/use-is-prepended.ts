'use client'

import { useEffect, useState } from 'react'

/** True in the rendering in which items came in before the ones that were there: what is seen of a list must not move then. */
export function useIsPrepended(items: readonly { seq: number }[]): boolean {
  const [before, setBefore] = useState(items)
  const firstSeq = before[0]?.seq
  const isPrepended = firstSeq !== undefined && (items[0]?.seq ?? firstSeq) < firstSeq
  useEffect(() => setBefore(items), [items])
  return isPrepended
}
