// A clock whose timers come late after a freeze, the worst order in which a woken process can find what waits for it.

import type { Clock } from '@slipway/core/ports'

const lateMs = 3_000

/** `lose`: whatever sleeps now sleeps for so much longer. */
export function openLateClock(clock: Clock): { clock: Clock; lose(): void } {
  let losses = 0
  return {
    lose: () => void (losses += 1),
    clock: {
      now: () => clock.now(),
      async sleep(ms, signal) {
        const before = losses
        await clock.sleep(ms, signal)
        if (losses > before && !signal?.aborted) await clock.sleep(lateMs, signal)
      },
    },
  }
}
