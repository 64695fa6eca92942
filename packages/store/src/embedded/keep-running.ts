import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 1_000

/**
 * Looks each second whether the server is down and calls `restart`, until the returned function is called, which waits for a
 * restart under way. A restart that fails is tried again; meanwhile queries fail and say why. Does not keep the process alive.
 */
export function keepRunning(input: { isDown(): boolean; restart(): Promise<void> }): () => Promise<void> {
  const stopping = new AbortController()

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(lookEveryMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
      if (!stopping.signal.aborted && input.isDown()) await input.restart().catch(() => undefined)
    }
  }

  const ended = watch()
  return async () => {
    stopping.abort()
    await ended
  }
}
