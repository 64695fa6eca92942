// Makes the writes that wait in the outbox. Each kind has its handler; a write that may have been made is looked up first.

import type { Clock } from '@slipway/core/ports'
import type { Outbox, OutboxEntry } from '@slipway/store/outbox'
import type { Logger } from 'pino'
import { runLoop, type RunningLoop } from '../runtime/run-loop.ts'

/** isFinal: trying again cannot help. */
export type Written = { ok: true; answer: unknown } | { ok: false; isFinal: boolean; message: string; retryAfterMs: number | null }

/** `mayBeDone`: an earlier try may have been carried out; look before doing it. */
export type WriteHandler = (entry: OutboxEntry, how: { mayBeDone: boolean; signal: AbortSignal }) => Promise<Written>

/** After these a write is given up. */
export const mostTries = 10
const leaseMs = 60_000
const firstPauseMs = 2_000
const longestPauseMs = 600_000
const usualLookMs = 1_000

export function runOutbox(input: {
  outbox: Outbox
  clock: Clock
  logger: Logger
  handlers: Record<string, WriteHandler>
  /** How long an entry is kept from others; longer than any write takes. */
  leaseMs?: number
  lookEveryMs?: number
}): RunningLoop {
  const { outbox, clock, logger, handlers } = input
  const kinds = Object.keys(handlers)

  async function step(signal: AbortSignal): Promise<boolean> {
    const entry = await outbox.claim({ kinds, leaseMs: input.leaseMs ?? leaseMs })
    if (entry === null) return false
    const { key, kind, attempts } = entry
    const written = await write(entry, signal)
    if (written.ok) {
      await outbox.finish(entry, written.answer)
      logger.info({ key, kind, attempts }, 'written')
    } else if (written.isFinal || attempts >= mostTries) {
      await outbox.giveUp(entry, written.message)
      logger.error({ key, kind, attempts }, `not written, and given up: ${written.message}`)
    } else {
      const afterMs = written.retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1))
      await outbox.postpone(entry, { afterMs, error: written.message })
      logger.warn({ key, kind, attempts, afterMs }, `not written yet: ${written.message}`)
    }
    return true
  }

  async function write(entry: OutboxEntry, signal: AbortSignal): Promise<Written> {
    const handler = handlers[entry.kind]
    if (!handler) throw new Error(`nothing writes ${entry.kind}`)
    try {
      return await handler(entry, { mayBeDone: entry.attempts > 1, signal })
    } catch (error) {
      logger.error({ err: error, key: entry.key }, 'a write broke off')
      return { ok: false, isFinal: false, message: 'Something went wrong; the server’s log says what.', retryAfterMs: null }
    }
  }

  return runLoop({
    clock,
    everyMs: input.lookEveryMs ?? usualLookMs,
    step,
    onTrouble: (error) => logger.error({ err: error }, 'outbox trouble'),
  })
}
