// The loop: ask what is next, carry it out, append what happened. Everything it knows is in the log.

import { nextMove } from '@slipway/core/next-move'
import type { Lease, Ports } from '@slipway/core/ports'
import { callModel } from './steps/call-model.ts'
import { compact } from './steps/compact.ts'
import { freezeInstructions } from './steps/freeze-instructions.ts'
import { prepareRepository } from './steps/prepare-repository.ts'
import { runTools } from './steps/run-tools.ts'
import { takeInBase } from './steps/take-in-base.ts'
import { verify } from './steps/verify.ts'
import { openContext, type DriveContext } from './drive-context.ts'
import { waitInPlace } from './steps/wait.ts'

/** rest: nothing to do at `head`; wake the session at `wakeAt`, or when somebody appends. aborted: the signal said so. */
export type DriveEnd = { kind: 'rest'; head: number; wakeAt: string | null } | { kind: 'aborted'; head: number }

/** Drives one session until it rests. Throws LeaseLost when another worker took over. Everything is resumable at any moment. */
export async function drive(lease: Lease, ports: Ports, signal: AbortSignal): Promise<DriveEnd> {
  const context = await openContext(lease, ports, signal)
  try {
    return await loop(context)
  } finally {
    await context.close()
  }
}

async function loop(context: DriveContext): Promise<DriveEnd> {
  const { session, signal } = context
  // Every append tells whether somebody else wrote in between, so the log is read again only where nothing is appended.
  for (;;) {
    if (signal.aborted) return { kind: 'aborted', head: session.state().head }
    const situation = await context.situation()
    const move = nextMove(session.decide(), situation)
    switch (move.kind) {
      case 'record':
        await session.intend(move.bodies)
        break
      case 'prepare-repository':
        await prepareRepository(context)
        break
      case 'freeze-instructions':
        await freezeInstructions(context)
        break
      case 'call-model':
        await callModel(context, move)
        break
      case 'run-tools':
        await runTools(context, move.calls)
        break
      case 'verify':
        await verify(context, move)
        break
      case 'compact':
        await compact(context, move)
        break
      case 'take-in-base':
        await takeInBase(context, move.base)
        break
      case 'wait':
        if (await session.catchUp()) break
        if (!(await waitInPlace(context, move))) return { kind: 'rest', head: session.state().head, wakeAt: move.until }
    }
  }
}
