// Deadlines of one model call: first sign of life, silence between two signs, and the whole call.

import type { ModelDeadlines } from './settings.ts'

export interface Watchdog {
  /** Aborts when a deadline passes or the caller's signal aborts. */
  signal: AbortSignal
  /** Something arrived. */
  beat(): void
  /** Ends the call for another reason than a deadline. */
  cancel(): void
  /** Says which deadline passed, or null. */
  stalled(): string | null
  /** Clears the timers; `closeSocket` also aborts whatever is still open. */
  end(): void
}

/** Starts counting at once. The caller must call `end`. */
export function startWatchdog(deadlines: ModelDeadlines, outer: AbortSignal): Watchdog {
  const controller = new AbortController()
  let reason: string | null = null
  const bark = (text: string): void => {
    reason ??= text
    controller.abort(new DOMException(text, 'AbortError'))
  }
  const onOuterAbort = (): void => controller.abort(new DOMException('stopped', 'AbortError'))
  if (outer.aborted) onOuterAbort()
  else outer.addEventListener('abort', onOuterAbort, { once: true })

  let silence = setTimeout(() => bark(`Nothing arrived within ${seconds(deadlines.firstChunkMs)}.`), deadlines.firstChunkMs)
  const whole = setTimeout(() => bark(`The answer was not complete after ${seconds(deadlines.callMs)}.`), deadlines.callMs)
  return {
    signal: controller.signal,
    beat() {
      if (controller.signal.aborted) return
      clearTimeout(silence)
      silence = setTimeout(() => bark(`The answer stopped arriving for ${seconds(deadlines.betweenChunksMs)}.`), deadlines.betweenChunksMs)
    },
    cancel: () => controller.abort(new DOMException('cancelled', 'AbortError')),
    stalled: () => reason,
    end() {
      clearTimeout(silence)
      clearTimeout(whole)
      outer.removeEventListener('abort', onOuterAbort)
      // An answer may be complete for us while the socket is still open; it must not stay so.
      controller.abort(new DOMException('finished', 'AbortError'))
    },
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`
}
