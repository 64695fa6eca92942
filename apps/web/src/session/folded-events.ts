// The loaded events of a session, and what is made of them one by one: the rows of the conversation, the steps of the
// timeline, the commands of the terminal. New events are added to it. Older ones go before everything, so it is made anew
// behind them, in slices between two frames, and takes the place of what there was only when it is whole.

import type { SessionEvent } from '@slipway/core/events'
import { whenIdle } from './when-idle.ts'

/** Something that is made of events, one after the other. */
export interface Fold<Result> {
  push(event: SessionEvent): void
  /** The same object until a push changed something. */
  read(): Result
}

export type MakeFold<Result> = () => Fold<Result>

export interface FoldedEvents {
  /** Ascending and gapless. A new array when something was added, else the same one. */
  all(): readonly SessionEvent[]
  /** What a fold makes of all of them; kept from the first question on. */
  read<Result>(make: MakeFold<Result>): Result
  append(newer: readonly SessionEvent[]): void
  /** Resolves when all of it is there; until then nothing of it is. Not to be called again before. */
  prepend(older: readonly SessionEvent[], signal: AbortSignal): Promise<void>
}

/** The first slice is for what takes no longer anyway. */
const FIRST_SLICE_MS = 4
/** Looking at the clock takes about as long as folding an event. */
const EVENTS_PER_LOOK = 16

export function makeFoldedEvents(): FoldedEvents {
  let events: readonly SessionEvent[] = []
  let folds = new Map<MakeFold<unknown>, Fold<unknown>>()

  return {
    all: () => events,
    read<Result>(make: MakeFold<Result>): Result {
      const fold = folds.get(make) ?? foldOf(make, events)
      folds.set(make, fold)
      // It came from this very `make`.
      return fold.read() as Result
    },
    append(newer) {
      events = [...events, ...newer]
      for (const fold of folds.values()) for (const event of newer) fold.push(event)
    },
    async prepend(older, signal) {
      const anew = new Map([...folds.keys()].map((make) => [make, make()]))
      let untilMs = performance.now() + FIRST_SLICE_MS
      let hasWaited = false
      // More may be appended while this waits.
      for (let at = 0; at < older.length + events.length; at++) {
        const event = (older[at] ?? events[at - older.length])!
        for (const fold of anew.values()) fold.push(event)
        const isLast = at === older.length + events.length - 1
        // Whoever shows it has much to do at once: not at the end of a slice.
        if (isLast ? !hasWaited : at % EVENTS_PER_LOOK !== 0 || performance.now() < untilMs) continue
        untilMs = await whenIdle()
        hasWaited = true
        if (signal.aborted) return
      }
      events = [...older, ...events]
      folds = anew
    },
  }
}

/** A fold of the given events. */
export function foldOf<Result>(make: MakeFold<Result>, events: readonly SessionEvent[]): Fold<Result> {
  const fold = make()
  for (const event of events) fold.push(event)
  return fold
}
