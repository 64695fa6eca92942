// A clock that jumps to the next sleeper while no model is being asked. Back-offs take no time; real answers take theirs.

import type { Clock } from '@slipway/core/ports'

export interface JumpingClock extends Clock {
  /** While this runs, time stands still. */
  hold<T>(run: () => Promise<T>): Promise<T>
  /** Time stands still from now on. */
  stop(): void
  /** Time jumps again. */
  go(): void
}

export function jumpingClock(startMs = Date.parse('2026-01-01T00:00:00Z')): JumpingClock {
  let nowMs = startMs
  let holds = 0
  const sleepers = new Set<{ at: number; wake(): void }>()

  const jumpSoon = (): void => void setImmediate(jump)
  function jump(): void {
    if (holds > 0) return
    const [next] = [...sleepers].sort((a, b) => a.at - b.at)
    if (next === undefined) return
    nowMs = Math.max(nowMs, next.at)
    next.wake()
  }

  const release = (): void => {
    holds--
    jumpSoon()
  }

  return {
    now: () => nowMs,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const sleeper = { at: nowMs + ms, wake: () => wake() }
        const wake = (): void => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
          if (sleepers.size > 0) jumpSoon()
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
        jumpSoon()
      })
    },
    async hold(run) {
      holds++
      try {
        return await run()
      } finally {
        release()
      }
    },
    stop: () => void holds++,
    go: release,
  }
}
