'use client'

import { useMemo, useState } from 'react'
import type { Block } from './blocks.ts'

export interface SteadyBlocks {
  blocks: readonly Block[]
  /** Takes in what has come before the first of them. */
  extend(): void
}

/**
 * Blocks that grow at their end only, until somebody turns to them: a terminal has to be written anew for earlier ones, and
 * while the conversation is scrolled back, page after page of those comes.
 */
export function useSteadyStart(all: readonly Block[]): SteadyBlocks {
  const firstSeq = all[0]?.seq ?? 0
  const [startSeq, setStartSeq] = useState(firstSeq)
  const blocks = useMemo(() => {
    const later = all.filter(({ seq }) => seq >= startSeq)
    return later.length === 0 ? all : later
  }, [all, startSeq])
  return { blocks, extend: () => setStartSeq(firstSeq) }
}
