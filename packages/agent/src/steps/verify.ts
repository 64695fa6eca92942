// Slipway runs the checks itself, in a clean sandbox at the exact commit. What the model says about tests does not count.

import type { EventBody } from '@slipway/core/events'
import type { Move } from '@slipway/core/moves/move'
import type { DriveContext } from '../drive-context.ts'
import { outputDelta } from './deltas.ts'

const deadlineMs = 3_600_000

/** Appends `verification-finished` with the receipts. A stop or a lost lease leaves no verdict. */
export async function verify(context: DriveContext, move: Extract<Move, { kind: 'verify' }>): Promise<void> {
  const { session, ports } = context
  const { repository, repositoryRef, sessionId, checks, sandboxBackend } = session.state()
  if (!repository) return
  context.progress('verification', `verifying ${move.oid.slice(0, 10)} in a clean sandbox`, deadlineMs)
  const onOutput = outputDelta(ports.bus, { sessionId, callId: move.callId })
  const verification = await context.effect((signal) =>
    ports.airlock.verify({
      repository: repositoryRef,
      sessionId,
      baseOid: repository.baseOid,
      oid: move.oid,
      checks,
      backend: sandboxBackend,
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      onOutput,
      onEgress: (decision) => void session.record([{ type: 'egress-decided', ...decision }]).catch(() => undefined),
    }),
  )
  if (context.signal.aborted || session.state().stop) return
  const body: EventBody = { type: 'verification-finished', oid: move.oid, ...verification }
  await session.record([body])
}
