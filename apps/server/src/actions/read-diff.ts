// The change that a session offers, as a unified diff.

import type { Airlock } from '@slipway/core/ports'
import type { SessionState } from '@slipway/core/state'

/** Empty with null ids while nothing has left the sandbox. */
export async function readDiff(
  airlock: Pick<Airlock, 'diff'>,
  state: SessionState,
  maxBytes: number,
): Promise<{ baseOid: string | null; oid: string | null; diff: string }> {
  const { repository, work, repositoryRef, sessionId } = state
  if (repository === null || work.commit === null) return { baseOid: repository?.baseOid ?? null, oid: null, diff: '' }
  const { baseOid } = repository
  const { oid } = work.commit
  return { baseOid, oid, diff: await airlock.diff({ repository: repositoryRef, sessionId, baseOid, oid, maxBytes }) }
}
