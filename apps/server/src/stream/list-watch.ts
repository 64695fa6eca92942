// Tells people that the list of their sessions changed, and nothing else: they ask for the list itself, which holds what is
// theirs. One subscription for all of them, as long as anybody is there.

import type { EventBody } from '@slipway/core/events'
import type { LiveBus, LiveMessage } from '@slipway/core/ports'

export interface ListWatch {
  /** Returns how to stop watching. */
  watch(ownerId: string, changed: () => void): () => void
}

export interface ListWatchInput {
  bus: LiveBus
  /** Whether one of the sessions is the owner's, as the database sees it. */
  ownsAny(ownerId: string, sessionIds: string[]): Promise<boolean>
  /** Changes within this time are told together. */
  settleMs?: number
}

/** What a step consists of; a list shows nothing of it. */
const UNSEEN: ReadonlySet<EventBody['type']> = new Set([
  'model-requested',
  'tool-ruled',
  'tool-started',
  'tool-finished',
  'checkpoint-created',
  'outputs-pruned',
  'context-compacted',
  'context-added',
])

export function openListWatch({ bus, ownsAny, settleMs = 400 }: ListWatchInput): ListWatch {
  const watchers = new Map<string, Set<() => void>>()
  let touched = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let unsubscribe: (() => void) | null = null

  function hear(message: LiveMessage): void {
    if (message.kind !== 'events') return
    if (message.events?.every(({ body }) => UNSEEN.has(body.type)) === true) return
    touched.add(message.sessionId)
    timer ??= setTimeout(() => void tell(), settleMs)
  }

  async function tell(): Promise<void> {
    timer = null
    const sessionIds = [...touched]
    touched = new Set()
    await Promise.all(
      [...watchers].map(async ([ownerId, calls]) => {
        // When the database cannot say whose they are: asking for nothing new does no harm.
        const isTheirs = await ownsAny(ownerId, sessionIds).catch(() => true)
        if (isTheirs) for (const call of Array.from(calls)) call()
      }),
    )
  }

  function leave(ownerId: string, changed: () => void): void {
    const calls = watchers.get(ownerId)
    calls?.delete(changed)
    if (calls?.size === 0) watchers.delete(ownerId)
    if (watchers.size > 0) return
    unsubscribe?.()
    unsubscribe = null
    if (timer !== null) clearTimeout(timer)
    timer = null
    touched = new Set()
  }

  return {
    watch(ownerId, changed) {
      const calls = watchers.get(ownerId) ?? new Set()
      watchers.set(ownerId, calls.add(changed))
      unsubscribe ??= bus.subscribe(null, hear)
      return () => leave(ownerId, changed)
    },
  }
}
