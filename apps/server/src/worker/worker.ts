// Works on whatever session is due, several at once: woken by the bus at once, by a look each second at the latest.

import type { Lease, LiveMessage } from '@slipway/core/ports'
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

interface Running {
  stop(): void
  done: Promise<void>
}

const POLL_MS = 1_000

/** Starts at once. */
export function startWorker(options: WorkerOptions): Worker {
  const { ports, leases, workerId } = options
  const { clock, bus } = ports
  const draining = new AbortController()
  const drives = new Map<string, Running>()
  const failures = openFailures(ports)
  let nudge = new AbortController()
  let lookedAt: number | null = null

  function wake(): void {
    nudge.abort()
  }

  async function driveOne(lease: Lease, signal: AbortSignal): Promise<void> {
    const result = await driveSession(lease, { ...options, retryInMs: failures.retryInMs }, signal)
    if (result.kind === 'failed') await failures.record(lease.sessionId, result.error).catch(options.onTrouble)
    else failures.forget(lease.sessionId)
    options.onDriven(lease.sessionId, result)
  }

  async function claimAll(): Promise<void> {
    while (drives.size < options.sessions && !draining.signal.aborted) {
      const lease = await leases.claim({ workerId, leaseMs: options.leaseMs })
      lookedAt = clock.now()
      if (lease === null) return
      begin(lease)
    }
  }

  /** A lease may have run out under a drive of this worker, as when the machine slept: that one ends first, they would share a sandbox. */
  function begin(lease: Lease): void {
    const stopping = new AbortController()
    const before = drives.get(lease.sessionId)
    before?.stop()
    const done = Promise.resolve(before?.done).then(() => driveOne(lease, AbortSignal.any([draining.signal, stopping.signal])))
    const running: Running = { stop: () => stopping.abort(), done: done.finally(() => end(lease.sessionId, running)) }
    drives.set(lease.sessionId, running)
  }

  function end(sessionId: string, running: Running): void {
    if (drives.get(sessionId) === running) drives.delete(sessionId)
    wake()
  }

  async function look(): Promise<void> {
    await leases.followClock()
    await leases.freeGone(isKnownGone)
    await claimAll()
  }

  async function run(): Promise<void> {
    while (!draining.signal.aborted) {
      nudge = new AbortController()
      await look().catch(options.onTrouble)
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
      await Promise.allSettled([...drives.values()].map(({ done }) => done))
    },
  }
}
