// Thousands of equal attempts become a few decisions with a count.

import type { Clock, EgressDecision } from '@slipway/core/ports'

const WINDOW_MS = 2_000
const MAX_KINDS = 200

export interface Fold {
  add(decision: Omit<EgressDecision, 'count'>): void
  flush(): void
}

/** The first of its kind is passed on at once; repetitions are added up and passed on every two seconds. */
export function foldDecisions(clock: Clock, emit: (decision: EgressDecision) => void): Fold {
  const waiting = new Map<string, EgressDecision>()
  let timer: AbortController | null = null

  function flush(): void {
    timer?.abort()
    timer = null
    const decisions = [...waiting.values()].filter((decision) => decision.count > 0)
    waiting.clear()
    for (const decision of decisions) emit(decision)
  }

  return {
    add(decision) {
      const key = waiting.size < MAX_KINDS ? JSON.stringify(decision) : `${decision.decision} ${decision.reason}`
      const known = waiting.get(key)
      if (known) {
        known.count += 1
        return
      }
      emit({ ...decision, count: 1 })
      waiting.set(key, { ...decision, count: 0 })
      if (timer) return
      const mine = new AbortController()
      timer = mine
      void clock.sleep(WINDOW_MS, mine.signal).then(() => {
        if (timer === mine) flush()
      })
    },
    flush,
  }
}
