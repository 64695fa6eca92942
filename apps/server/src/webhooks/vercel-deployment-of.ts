// Which deployment a delivery of Vercel is about: https://vercel.com/docs/webhooks/webhooks-api

import { z } from 'zod'

const payloadShape = z.object({
  type: z.string().startsWith('deployment.'),
  payload: z.object({
    deployment: z.object({ id: z.string().min(1).max(200), meta: z.record(z.string(), z.unknown()).nullish() }),
  }),
})

/** null: it is about something else. `oid`: of the commit, where it came from git. */
export function vercelDeploymentOf(text: string): { deploymentId: string; oid: string | null } | null {
  const parsed = payloadShape.safeParse(parse(text))
  if (!parsed.success) return null
  const { id, meta } = parsed.data.payload.deployment
  const oid = meta?.['githubCommitSha'] ?? meta?.['gitlabCommitSha']
  return { deploymentId: id, oid: typeof oid === 'string' && /^[0-9a-f]{40,64}$/.test(oid) ? oid : null }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
