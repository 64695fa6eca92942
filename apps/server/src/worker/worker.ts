// Works on whatever session is due, several at once: woken by the bus at once, by a look each second at the latest.

import type { LiveMessage } from '@slipway/core/ports'
import { driveSession, type DriveNeeds, type DriveResult } from './drive-session.ts'
import { openFailures } from './failures.ts'
import { isKnownGone } from './worker-name.ts'

export interface WorkerOptions extends Omit<DriveNeeds, 'retryInMs'> {
  workerId: string
  /** Sessions driven at the same time. */
  sessions: number
  onDriven(sessionId: string, result: DriveResult): void
  onTrouble(error: unknown): void
}

export interface Worker {
  /** Sessions that are driven now. */
  active(): string[]
  /** When the queue was last looked at without an error, in the clock's milliseconds; null: never yet. */
  lastLookAt(): number | null
  /** Claims no more, lets go of what it drives and gives every lease back. */
  drain(): Promise<void>
}

const POLL_MS = 1_000

/** Starts at once. */
export function startWorker(options: WorkerOptions): Worker {
  const { ports, leases, workerId } = options
  const { clock, bus } = ports
  const draining = new AbortController()
  const drives = new Map<string, Promise<void>>()
  const failures = openFailures(ports)
  let nudge = new AbortController()
  let lookedAt: number | null = null

  function wake(): void {
    nudge.abort()
  }

  async function driveOne(lease: Parameters<typeof driveSession>[0]): Promise<void> {
    const result = await driveSession(lease, { ...options, retryInMs: failures.retryInMs }, draining.signal)
    if (result.kind === 'failed') await failures.record(lease.sessionId, result.error).catch(options.onTrouble)
    else failures.forget(lease.sessionId)
    options.onDriven(lease.sessionId, result)
  }

  async function claimAll(): Promise<void> {
    while (drives.size < options.sessions && !draining.signal.aborted) {
      const lease = await leases.claim({ workerId, leaseMs: options.leaseMs })
      lookedAt = clock.now()
      if (lease === null) return
      const done = driveOne(lease).finally(() => {
        drives.delete(lease.sessionId)
        wake()
      })
      drives.set(lease.sessionId, done)
    }
  }

  async function run(): Promise<void> {
    while (!draining.signal.aborted) {
      nudge = new AbortController()
      await leases.freeGone(isKnownGone).then(claimAll).catch(options.onTrouble)
      await clock.sleep(POLL_MS, nudge.signal)
    }
  }

  const unsubscribe = bus.subscribe(null, (message: LiveMessage) => {
    if (message.kind === 'wake') wake()
  })
  const running = run()
  return {
    active: () => [...drives.keys()],
    lastLookAt: () => lookedAt,
    async drain() {
      draining.abort()
      wake()
      unsubscribe()
      await running
      await Promise.allSettled(drives.values())
    },
  }
}
