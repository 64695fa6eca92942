// Short waits are spent in place, so that a back-off of seconds does not cost the sandbox.

import type { Move } from '@slipway/core/moves/move'
import type { DriveContext } from '../drive-context.ts'

const longestInPlaceMs = 60_000

/** True when the time has come or somebody said something; false when the session should rest instead. */
export async function waitInPlace(context: DriveContext, move: Extract<Move, { kind: 'wait' }>): Promise<boolean> {
  const { session, ports, signal } = context
  if (move.until === null || session.state().ask) return false
  const leftMs = Date.parse(move.until) - ports.clock.now()
  if (leftMs > longestInPlaceMs) return false
  context.progress('back-off', move.reason, leftMs)
  const woken = new AbortController()
  const wake = (): void => woken.abort()
  const unsubscribe = ports.bus.subscribe(context.sessionId, (message) => {
    if (message.kind === 'wake' || (message.kind === 'events' && message.head > session.state().head)) wake()
  })
  signal.addEventListener('abort', wake, { once: true })
  if (signal.aborted) wake()
  await ports.clock.sleep(leftMs, woken.signal)
  unsubscribe()
  signal.removeEventListener('abort', wake)
  return true
}
