// Something that is done whenever a session's log grows, in this process or in any other.

import type { EventBody } from '@slipway/core/events'
import type { LiveBus } from '@slipway/core/ports'

/**
 * Calls `hear` with what was appended, several times at once where news come faster. What it throws is told to `onTrouble`.
 * `close` hears nothing more and waits for what was heard: it needs the store that is closed next.
 */
export function hearSessions(input: {
  bus: Pick<LiveBus, 'subscribe'>
  hear(sessionId: string, bodies: EventBody[]): Promise<void>
  onTrouble(error: unknown): void
}): { close(): Promise<void> } {
  const underWay = new Set<Promise<void>>()
  const unsubscribe = input.bus.subscribe(null, (message) => {
    if (message.kind !== 'events' || message.events === null) return
    const bodies = message.events.map(({ body }) => body)
    const one = input
      .hear(message.sessionId, bodies)
      .catch(input.onTrouble)
      .finally(() => underWay.delete(one))
    underWay.add(one)
  })
  return {
    async close() {
      unsubscribe()
      await Promise.all(underWay)
    },
  }
}
