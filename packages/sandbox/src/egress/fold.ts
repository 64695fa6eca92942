// Thousands of equal attempts become a few decisions with a count, and a flood of different ones a line now and then.

import type { Clock, EgressDecision } from '@slipway/core/ports'

/** Stands in a decision for hosts that came too fast to be named one by one. */
export const OTHER_HOSTS = '(other hosts)'

const WINDOW_MS = 2_000
/** Different destinations that are named at once; allowed and refused ones apart, so that a flood of the one cannot hide the other. */
const BURST = 200
/** After a burst, so often one more is named. */
const EARN_MS = 10_000
/** So often the rest is passed on while a flood lasts. */
const FLOOD_WINDOW_MS = 60_000

export interface Fold {
  add(decision: Omit<EgressDecision, 'count'>): void
  flush(): void
}

/**
 * The first of its kind is passed on at once; repetitions are added up and passed on every two seconds.
 * Whatever a sandbox does, about 400 decisions of each sort pass at first, and later on a dozen a minute and as many for each reason.
 */
export function foldDecisions(clock: Clock, emit: (decision: EgressDecision) => void): Fold {
  const waiting = new Map<string, EgressDecision>()
  const left = { allowed: budget(clock), denied: budget(clock) }
  let timer: AbortController | null = null

  function flush(): void {
    timer?.abort()
    timer = null
    const decisions = [...waiting.values()].filter((decision) => decision.count > 0)
    waiting.clear()
    for (const decision of decisions) emit(decision)
  }

  function schedule(windowMs: number): void {
    if (timer) return
    const mine = new AbortController()
    timer = mine
    void clock.sleep(windowMs, mine.signal).then(() => {
      if (timer === mine) flush()
    })
  }

  return {
    add(decision) {
      const known = waiting.get(JSON.stringify(decision))
      if (known) {
        known.count += 1
        return
      }
      if (left[decision.decision].spend()) {
        emit({ ...decision, count: 1 })
        waiting.set(JSON.stringify(decision), { ...decision, count: 0 })
        return schedule(WINDOW_MS)
      }
      const other = { ...decision, host: OTHER_HOSTS, port: 0 }
      const folded = waiting.get(JSON.stringify(other))
      if (folded) folded.count += 1
      else waiting.set(JSON.stringify(other), { ...other, count: 1 })
      schedule(FLOOD_WINDOW_MS)
    },
    flush,
  }
}

function budget(clock: Clock): { spend(): boolean } {
  let available = BURST
  let earnedAt = clock.now()
  return {
    spend() {
      const earned = Math.max(0, Math.floor((clock.now() - earnedAt) / EARN_MS))
      available = Math.min(BURST, available + earned)
      earnedAt += earned * EARN_MS
      if (available < 1) return false
      available -= 1
      return true
    },
  }
}
