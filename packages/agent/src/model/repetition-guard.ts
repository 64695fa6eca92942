// Ends an answer that has become nothing but the same words again and again: it would go on, and cost, until its output limit.

import { watchRepetition } from '@slipway/core/guards/repetition'
import type { DeltaChannel } from '@slipway/core/ports'
import type { Watchdog } from './watchdog.ts'

const SHOWN_CHARS = 60

export interface RepetitionGuard {
  see(channel: DeltaChannel, callId: string, text: string): void
  /** Says what was repeated, or null. */
  found(): string | null
}

/** Each text, reasoning and call of an answer is watched for itself. */
export function makeRepetitionGuard(watchdog: Pick<Watchdog, 'cancel'>): RepetitionGuard {
  const watches = new Map<string, ReturnType<typeof watchRepetition>>()
  let found: string | null = null
  return {
    see(channel, callId, text) {
      const key = `${channel} ${callId}`
      const watch = watches.get(key) ?? watchRepetition(channel === 'tool-input' ? 'arguments' : 'prose')
      watches.set(key, watch)
      const repetition = found === null ? watch.see(text) : null
      if (repetition === null) return
      const piece = repetition.piece.trim().replace(/\s+/g, ' ')
      const shown = piece.length <= SHOWN_CHARS ? piece : `${piece.slice(0, SHOWN_CHARS)}…`
      found = `The answer said “${shown}” ${repetition.repeats} times in a row and was ended.`
      watchdog.cancel()
    },
    found: () => found,
  }
}
