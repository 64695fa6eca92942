// Which state of the work tree a moment of the session shows.

import type { SessionEvent } from '@slipway/core/events'
import { useMoment } from '../moment.ts'
import { useEvents } from '../session-hooks.ts'

/** Events after which the work tree may be another one. */
const TREE_EVENTS: ReadonlySet<string> = new Set([
  'repository-prepared',
  'sandbox-started',
  'checkpoint-created',
  'checkpoint-restored',
  'session-forked',
])

/** The event that the work tree is as of; the moment itself where the loaded events do not tell. */
export function treeMoment(events: readonly SessionEvent[], at: 'now' | number): 'now' | number {
  const upTo = at === 'now' ? Infinity : at
  return events.findLast(({ seq, body }) => seq <= upTo && TREE_EVENTS.has(body.type))?.seq ?? at
}

/** The work tree that the page shows; changes when a checkpoint arrives or another moment is chosen. */
export function useTreeMoment(): 'now' | number {
  return treeMoment(useEvents(), useMoment().at)
}
