// Something that is done again and again as long as there is some of it, and then from time to time.

import type { Clock } from '@slipway/core/ports'

export interface RunningLoop {
  /** There may be something to do now. */
  nudge(): void
  /** Waits for the step under way. */
  close(): Promise<void>
}

/** `step` returns whether it found something to do; what it throws is told, and it goes on after `everyMs`. */
export function runLoop(input: {
  clock: Clock
  everyMs: number
  step(signal: AbortSignal): Promise<boolean>
  onTrouble(error: unknown): void
}): RunningLoop {
  const { clock, everyMs, step, onTrouble } = input
  const closing = new AbortController()
  let pause = new AbortController()
  let isNudged = false

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      isNudged = false
      const foundSome = await step(closing.signal).catch((error: unknown) => {
        if (!closing.signal.aborted) onTrouble(error)
        return false
      })
      if (foundSome || isNudged || closing.signal.aborted) continue
      pause = new AbortController()
      await clock.sleep(everyMs, pause.signal)
    }
  }

  const running = run()
  return {
    nudge() {
      isNudged = true
      pause.abort()
    },
    async close() {
      closing.abort()
      pause.abort()
      await running
    },
  }
}
