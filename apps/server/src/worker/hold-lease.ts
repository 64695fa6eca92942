// Keeps a lease alive while its session is driven, and says at once when it can no longer be relied on.

import type { Clock, Lease } from '@slipway/core/ports'

export interface HeldLease {
  /** Aborts when the lease is lost, or may have been: nothing that is done for the session after that counts. */
  lost: AbortSignal
  /** Whether the lease holds at this very moment, also when the process was frozen and no timer has run yet. False aborts `lost`. */
  check(): boolean
  end(): void
}

export interface HoldOptions {
  clock: Pick<Clock, 'sleep'>
  /** Milliseconds of a clock that nobody sets and that goes on while the process is frozen. Default: the process's own. */
  tick?(): number
  leaseMs: number
  heartbeatMs: number
  /** False: the lease is lost. A rejection counts as silence of the database. */
  heartbeat(lease: Lease): Promise<boolean>
}

/** Beats until ended. A database that is silent for most of a lease's time loses the lease as surely as a refusal. */
export function holdLease(
  lease: Lease,
  { clock, tick = () => performance.now(), leaseMs, heartbeatMs, heartbeat }: HoldOptions,
): HeldLease {
  const lost = new AbortController()
  const ended = new AbortController()
  const safeMs = leaseMs - heartbeatMs / 2
  // Not the time of day: that may jump, and then a dead lease would count as held, or one that holds as lost.
  let confirmedAt = tick()

  async function beat(): Promise<void> {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(heartbeatMs, ended.signal)
      if (ended.signal.aborted) return
      // Counted from before the question: the database's clock may have started earlier than the answer came.
      const askedAt = tick()
      const answer = await Promise.race([heartbeat(lease).catch(() => null), silence(confirmedAt + safeMs - askedAt)])
      if (answer === false || tick() - confirmedAt > safeMs) return lost.abort()
      if (answer === true) confirmedAt = askedAt
    }
  }

  function check(): boolean {
    if (tick() - confirmedAt > safeMs) lost.abort()
    return !lost.signal.aborted
  }

  async function silence(ms: number): Promise<null> {
    await clock.sleep(Math.max(0, ms), ended.signal)
    return null
  }

  void beat()
  return { lost: lost.signal, check, end: () => ended.abort() }
}
