// The host gets its own copy of the repository; the sandbox will be given code from there, and never a credential.

import type { EventBody, RepositoryRef } from '@slipway/core/events'
import { parkBodies } from '@slipway/core/moves/guard-move'
import { slug } from '@slipway/core/text/slug'
import type { DriveContext } from '../drive-context.ts'

const attempts = 3
const deadlineMs = 300_000

/** Appends `repository-prepared`, or parks with the forge's reason. */
export async function prepareRepository(context: DriveContext): Promise<void> {
  const { session } = context
  const state = session.state()
  const startedMs = performance.now()
  const prepared = await fetchBase(context, state.repositoryRef, 'fetching the repository')
  if (prepared === null) return
  const body: EventBody = {
    type: 'repository-prepared',
    ...prepared,
    branch: `slipway/${state.sessionId}-${slug(state.title, 40)}`,
    ms: Math.round(performance.now() - startedMs),
  }
  await session.record([body])
}

/** Brings the host's copy up to date; null: the session was stopped, or parked with the reason. */
export async function fetchBase(
  context: DriveContext,
  repository: RepositoryRef,
  what: string,
): Promise<{ baseBranch: string; baseOid: string } | null> {
  const { session, ports } = context
  const found = ports.forges.for(repository, session.state().ownerId)
  if (!found.ok) return park(context, 'sandbox', found.message)
  context.progress('repository', what, deadlineMs)
  const prepared = await context.effect(async (signal) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
    for (let attempt = 1; ; attempt++) {
      const result = await found.forge.prepare({ repository, signal: limited })
      const mayRetry =
        !result.ok && (result.problem === 'network' || result.problem === 'rate-limit') && attempt < attempts && !limited.aborted
      if (!mayRetry) return result
      await ports.clock.sleep(result.retryAfterMs ?? 1_000 * 2 ** attempt, limited)
    }
  })
  if (session.state().stop || context.signal.aborted) return null
  if (!prepared.ok) return park(context, prepared.problem === 'auth' ? 'account' : 'sandbox', prepared.message)
  const { baseBranch, baseOid } = prepared
  return { baseBranch, baseOid }
}

async function park({ session }: DriveContext, guard: 'sandbox' | 'account', reason: string): Promise<null> {
  await session.intend(parkBodies(session.decide(), guard, reason))
  return null
}
