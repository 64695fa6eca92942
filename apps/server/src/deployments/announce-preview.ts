// The address of a preview, said on the change request, once for each commit.

import type { Pool } from 'pg'
import type { DeploymentRow } from '@slipway/store/deployments'
import { createOutbox } from '@slipway/store/outbox'
import { readFacts } from '@slipway/store/session-facts'

/** False: there is no change request to say it on yet. */
export async function announcePreview(pool: Pool, row: DeploymentRow): Promise<boolean> {
  if (row.target !== 'preview' || row.url === null) return true
  const facts = await readFacts(pool, { sessionId: row.sessionId, types: ['session-created', 'change-request-opened'] })
  let repository = null
  let number: number | null = null
  for (const { body } of facts) {
    if (body.type === 'session-created') repository = body.repository
    if (body.type === 'change-request-opened') number = body.number
  }
  if (number === null) return false
  if (repository === null || repository.forge === 'local' || repository.slug === null) return true
  await createOutbox(pool).put({
    key: `preview ${row.sessionId} ${row.oid}`,
    ownerId: row.ownerId,
    sessionId: row.sessionId,
    kind: 'forge-comment',
    payload: {
      provider: repository.forge,
      slug: repository.slug,
      number,
      kind: 'change-request',
      thread: null,
      text: `A preview of ${row.oid.slice(0, 10)} is ready: ${row.url}`,
      ref: null,
    },
  })
  return true
}
