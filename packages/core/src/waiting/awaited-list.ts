// What a worker said it waits for, until the event comes that ends the wait.

import type { EventType, SessionEvent } from '../events.ts'
import type { Progress } from '../ports.ts'

export type Awaited = Omit<Progress, 'sessionId'>

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
  /** Everything that is awaited; a new array when that changed, else the same one. */
  all(): readonly Awaited[]
}

/** An empty list, of one session. */
export function makeAwaitedList(): AwaitedList {
  let list: readonly Awaited[] = []
  return {
    add(progress) {
      // What a set-up prints comes as further words about the same wait.
      const before = progress.phase === 'setup' ? list.find(({ phase }) => phase === 'setup') : undefined
      const next = before === undefined ? progress : { ...progress, startedAt: before.startedAt, deadlineAt: before.deadlineAt }
      list = [...list.filter(({ phase }) => phase !== progress.phase), next]
    },
    end({ body }) {
      const left = ENDS_ALL.includes(body.type) ? [] : list.filter(({ phase }) => !ENDS[phase]?.includes(body.type))
      if (left.length === list.length) return false
      list = left
      return true
    },
    all: () => list,
  }
}
