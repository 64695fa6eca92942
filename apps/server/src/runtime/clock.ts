// The real clock.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@slipway/core/ports'

/** Longer waits would overflow the timer, which then fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    await sleep(Math.min(Math.max(0, ms), LONGEST_TIMER_MS), undefined, signal ? { signal } : {}).catch(() => undefined)
  },
}
