// A clock that jumps to the next sleeper as soon as nothing else is to be done.

import type { Clock } from '@slipway/core/ports'

/** Starts at zero. Sleepers wake in the order of their times. */
export function virtualClock(): Clock {
  let now = 0
  const sleepers = new Set<{ at: number; wake(): void }>()
  let isJumping = false

  function jumpSoon(): void {
    if (isJumping) return
    isJumping = true
    setImmediate(() => {
      isJumping = false
      const [next] = [...sleepers].sort((a, b) => a.at - b.at)
      if (next === undefined) return
      sleepers.delete(next)
      now = Math.max(now, next.at)
      next.wake()
      if (sleepers.size > 0) jumpSoon()
    })
  }

  return {
    now: () => now,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const sleeper = { at: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          resolve()
        })
        jumpSoon()
      })
    },
  }
}
