// Drives one leased session until it rests, and gives it back in a state that any worker can go on from.

import type { DriveEnd } from '@slipway/agent/drive'
import { LeaseLost } from '@slipway/agent/session-log'
import type { Clock, Lease, Ports } from '@slipway/core/ports'
import type { Leases } from '@slipway/store/leases'
import { guardPorts } from './guard-ports.ts'
import { holdLease } from './hold-lease.ts'

/** rested: nothing to do before `wakeAt`. let-go: this worker was told to stop. lost: another worker has it. failed: a bug or a broken part. */
export type DriveResult =
  | { kind: 'rested'; wakeAt: string | null }
  | { kind: 'let-go' }
  | { kind: 'lost' }
  | { kind: 'failed'; error: unknown }

export interface DriveNeeds {
  ports: Ports
  leases: Leases
  drive(lease: Lease, ports: Ports, signal: AbortSignal): Promise<DriveEnd>
  leaseMs: number
  heartbeatMs: number
  /** How long it takes until a session whose drive failed is tried again. */
  retryInMs(sessionId: string): number
}

/** Never throws. When `signal` aborts, the drive ends where it is and the session is due for the next worker. */
export async function driveSession(lease: Lease, needs: DriveNeeds, signal: AbortSignal): Promise<DriveResult> {
  const { ports, leases, leaseMs, heartbeatMs } = needs
  const held = holdLease(lease, { clock: ports.clock, leaseMs, heartbeatMs, heartbeat: (current) => leases.heartbeat(current, leaseMs) })
  const assertHeld = (): void => {
    if (!held.check()) throw new LeaseLost(lease.sessionId)
  }
  try {
    return await driveUntilRest(lease, { ...needs, ports: guardPorts(ports, assertHeld) }, AbortSignal.any([signal, held.lost]))
  } catch (error) {
    if (error instanceof LeaseLost || held.lost.aborted) return { kind: 'lost' }
    if (signal.aborted) return giveBack(lease, leases)
    await releaseInTime(lease, needs, signal)
    return { kind: 'failed', error }
  } finally {
    held.end()
  }
}

async function driveUntilRest(lease: Lease, { ports, leases, drive }: DriveNeeds, signal: AbortSignal): Promise<DriveResult> {
  for (;;) {
    const end = await drive(lease, ports, signal)
    if (end.kind === 'aborted') return giveBack(lease, leases)
    const released = await leases.release(lease, { atHead: end.head, wakeInMs: leftUntil(end.wakeAt, ports.clock) })
    if (released.ok) return { kind: 'rested', wakeAt: end.wakeAt }
    if (released.kind === 'lost') return { kind: 'lost' }
    if (signal.aborted) return giveBack(lease, leases)
  }
}

/** The moment was written with this machine's clock, so what is left of it is measured with the same; the queue keeps the database's time. */
function leftUntil(wakeAt: string | null, clock: Clock): number | null {
  return wakeAt === null ? null : Math.max(0, Date.parse(wakeAt) - clock.now())
}

async function giveBack(lease: Lease, leases: Leases): Promise<DriveResult> {
  try {
    const isReleased = await giveBackAnywhere(lease, leases, 0)
    return { kind: isReleased ? 'let-go' : 'lost' }
  } catch {
    // The lease runs out by itself.
    return { kind: 'let-go' }
  }
}

const RELEASE_EVERY_MS = 500

/** The database itself may be what failed: it is told once it answers again, and not at all when the lease has run out by then. */
async function releaseInTime(lease: Lease, { leases, ports, leaseMs, retryInMs }: DriveNeeds, signal: AbortSignal): Promise<void> {
  const wakeInMs = retryInMs(lease.sessionId)
  for (let attempt = 0; attempt <= leaseMs / RELEASE_EVERY_MS && !signal.aborted; attempt++) {
    try {
      await giveBackAnywhere(lease, leases, wakeInMs)
      return
    } catch {
      await ports.clock.sleep(RELEASE_EVERY_MS, signal)
    }
  }
}

/** Releases wherever the head is: what others appended in between is read by the next driver. False: the lease was lost. */
export async function giveBackAnywhere(lease: Lease, leases: Leases, wakeInMs: number): Promise<boolean> {
  let atHead = -1
  for (;;) {
    const released = await leases.release(lease, { atHead, wakeInMs })
    if (released.ok) return true
    if (released.kind === 'lost') return false
    atHead = released.head
  }
}
