// What a worker said it waits for, until the event comes that ends the wait.

import type { EventType, SessionEvent } from '@slipway/core/events'
import type { Awaited } from './session-source.ts'

const ENDS: Record<string, readonly EventType[]> = {
  repository: ['repository-prepared'],
  instructions: ['instructions-frozen'],
  workspace: ['sandbox-started'],
  setup: ['setup-finished'],
  model: ['model-responded', 'model-failed'],
  'back-off': ['model-requested'],
  compaction: ['context-compacted', 'model-failed'],
  verification: ['verification-finished'],
}

/** Nothing is awaited by a worker any more, whatever it was. */
const ENDS_ALL: readonly EventType[] = ['session-finished', 'human-asked', 'guard-tripped']

export interface AwaitedList {
  add(progress: Awaited): void
  /** true when something that was awaited has come. */
  end(event: SessionEvent): boolean
  /** The newest of what is awaited. */
  newest(): Awaited | null
}

export function makeAwaitedList(): AwaitedList {
  let list: readonly Awaited[] = []
  return {
    add(progress) {
      list = [...list.filter(({ phase }) => phase !== progress.phase), progress]
    },
    end({ body }) {
      const left = ENDS_ALL.includes(body.type) ? [] : list.filter(({ phase }) => !ENDS[phase]?.includes(body.type))
      const hasEnded = left.length < list.length
      list = left
      return hasEnded
    },
    newest: () => list.at(-1) ?? null,
  }
}
