// The host gets its own copy of the repository; the sandbox will be given code from there, and never a credential.

import type { EventBody } from '@slipway/core/events'
import { parkBodies } from '@slipway/core/moves/guard-move'
import { slug } from '@slipway/core/text/slug'
import type { DriveContext } from '../drive-context.ts'

const attempts = 3
const deadlineMs = 300_000

/** Appends `repository-prepared`, or parks with the forge's reason. */
export async function prepareRepository(context: DriveContext): Promise<void> {
  const { session, ports } = context
  const state = session.state()
  const found = ports.forges.for(state.repositoryRef, state.ownerId)
  if (!found.ok) return void (await session.intend(parkBodies(state, 'sandbox', found.message)))
  context.progress('repository', 'fetching the repository', deadlineMs)
  const startedMs = performance.now()
  const prepared = await context.effect(async (signal) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
    for (let attempt = 1; ; attempt++) {
      const result = await found.forge.prepare({ repository: state.repositoryRef, signal: limited })
      const mayRetry =
        !result.ok && (result.problem === 'network' || result.problem === 'rate-limit') && attempt < attempts && !limited.aborted
      if (!mayRetry) return result
      await ports.clock.sleep(result.retryAfterMs ?? 1_000 * 2 ** attempt, limited)
    }
  })
  if (session.state().stop || context.signal.aborted) return
  if (!prepared.ok)
    return void (await session.intend(parkBodies(session.state(), prepared.problem === 'auth' ? 'account' : 'sandbox', prepared.message)))
  const body: EventBody = {
    type: 'repository-prepared',
    baseBranch: prepared.baseBranch,
    baseOid: prepared.baseOid,
    branch: `slipway/${state.sessionId}-${slug(state.title, 40)}`,
    ms: Math.round(performance.now() - startedMs),
  }
  await session.record([body])
}
