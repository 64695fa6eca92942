// Drives one session in this process and shows it, until it ends or needs somebody who is not here.
// When another process drives it already, this one only watches.

import { drive } from '@slipway/agent/drive'
import type { SessionState } from '@slipway/core/state'
import { loadSession } from '@slipway/server/actions/access'
import { answer, stop } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import type { Runtime } from '@slipway/server/runtime'
import { driveSession } from '@slipway/server/worker/drive-session'
import { openFailures } from '@slipway/server/worker/failures'
import { isKnownGone } from '@slipway/server/worker/worker-name'
import { oneLine } from '../render/plain-text.ts'
import type { Terminal } from '../terminal.ts'
import { askPerson } from './ask-person.ts'
import type { Viewer } from './viewer.ts'

export interface ForegroundInput {
  runtime: Runtime
  sessionId: string
  viewer: Viewer
  terminal: Terminal
}

export interface Foreground {
  /** The state in which the session ended, waits, or was left. */
  done: Promise<SessionState>
  /** Ctrl-C: first stops the agent, then leaves. Returns which of the two it was. */
  interrupt(): 'stopping' | 'leaving'
}

const LOOK_AGAIN_MS = 1_000

export function runForeground({ runtime, sessionId, viewer, terminal }: ForegroundInput): Foreground {
  const { store, settings, workerId } = runtime
  const ports = asLocal(runtime.ports)
  const leaving = new AbortController()
  const failures = openFailures(ports)
  let isStopping = false
  let isWatching = false

  async function driveOnce(): Promise<void> {
    const { leaseMs, heartbeatMs } = settings.worker
    await store.leases.freeGone(isKnownGone)
    const lease = await store.leases.claimSession({ sessionId, workerId, leaseMs })
    if (lease === null) {
      if (!isWatching)
        terminal.note('slipway: another process drives this session; watching. Should it be gone, this one takes over when its lease ends.')
      isWatching = true
      return viewer.nextEvent(LOOK_AGAIN_MS)
    }
    isWatching = false
    const result = await driveSession(
      lease,
      { ports, leases: store.leases, drive, leaseMs, heartbeatMs, retryInMs: failures.retryInMs },
      leaving.signal,
    )
    if (result.kind === 'failed') {
      terminal.note(
        `slipway: this step failed and is tried again (SLIPWAY_LOG_LEVEL=error tells more): ${oneLine(String(result.error), 300)}`,
      )
      runtime.logger.error({ err: result.error, sessionId }, 'drive failed')
      await failures.record(sessionId, result.error)
      await ports.clock.sleep(LOOK_AGAIN_MS, leaving.signal)
    }
    if (result.kind === 'rested') await restUntil(result.wakeAt)
  }

  /** A session that rests with nothing to wait for is looked at again only when something is said. */
  async function restUntil(wakeAt: string | null): Promise<void> {
    const { state } = await loadSession(ports, sessionId)
    if (state.finished || state.ask || state.parked) return
    const restMs = wakeAt === null ? LOOK_AGAIN_MS : Date.parse(wakeAt) - ports.clock.now()
    await viewer.nextEvent(Math.max(0, Math.min(restMs, LOOK_AGAIN_MS)))
  }

  async function askHere(state: SessionState): Promise<void> {
    if (state.ask === null) return
    const answered = new AbortController()
    const watch = watchAsk(state.ask.askId, answered)
    viewer.pause()
    const given = await askPerson(state.ask, {
      signal: AbortSignal.any([answered.signal, leaving.signal]),
      onInterrupt: () => process.emit('SIGINT'),
    })
    answered.abort()
    viewer.unpause()
    await watch
    if (given === null) return
    // `no`: this process goes on itself; a server would otherwise take the session away from the terminal.
    await answer(ports, { sessionId, ...given, wake: 'no' }).catch(sayWhy)
  }

  /** Somebody may answer from elsewhere while the question stands here. */
  async function watchAsk(askId: string, answered: AbortController): Promise<void> {
    while (!answered.signal.aborted && !leaving.signal.aborted) {
      await viewer.nextEvent(LOOK_AGAIN_MS)
      const { state } = await loadSession(ports, sessionId)
      if (state.ask?.askId !== askId) answered.abort()
    }
  }

  function sayWhy(error: unknown): void {
    if (!(error instanceof SlipwayError)) throw error
    terminal.note(`slipway: ${error.message}`)
  }

  async function run(): Promise<SessionState> {
    for (;;) {
      const { state } = await loadSession(ports, sessionId)
      await viewer.shown(state.head)
      if (state.finished || leaving.signal.aborted) return state
      if (state.ask !== null && !state.stop) {
        if (!terminal.isInteractive) return state
        await askHere(state)
        continue
      }
      if (state.parked && !state.stop && state.inbox.every((item) => item.kind !== 'user')) return state
      await driveOnce()
    }
  }

  return {
    done: run(),
    interrupt() {
      if (isStopping) {
        leaving.abort()
        return 'leaving'
      }
      isStopping = true
      stop(ports, { sessionId, reason: 'Stopped at the terminal.', wake: 'now' }).catch(sayWhy)
      return 'stopping'
    },
  }
}
