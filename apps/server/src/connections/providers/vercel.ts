// Vercel: an integration that people add to their account or team, or a token.

import { z } from 'zod'
import type { Settings } from '../../settings.ts'
import type { AskProvider, ProviderReply } from '../ask-provider.ts'
import type { Authorization, Provider } from '../provider.ts'
import { readAnswer, readTokenAnswer } from '../token-answer.ts'

const LABEL = 'Vercel'
const userShape = z.object({
  user: z.object({ id: z.string().min(1), username: z.string().min(1), avatar: z.string().nullish() }),
})
const invalidShape = z.object({ error: z.object({ invalidToken: z.literal(true) }) })
const installationShape = z.object({ installation_id: z.string(), team_id: z.string().nullish() })

export function vercelProvider(settings: Settings['vercel'], ask: AskProvider, now: () => number): Provider {
  const { url, apiUrl, oauth } = settings

  return {
    name: 'vercel',
    label: LABEL,
    tokenPage: `${url}/account/settings/tokens`,
    authorization: oauth === null ? null : authorization(settings, oauth, ask, now),
    async whoIs(token) {
      const headers = { authorization: `Bearer ${token.reveal()}` }
      const reply = await ask({ method: 'GET', url: `${apiUrl}/v2/user`, headers })
      const answer = readAnswer(LABEL, saidPlainly(reply), userShape)
      if (!answer.ok) return answer
      const { id, username, avatar } = answer.value.user
      const avatarUrl = avatar ? `${url}/api/www/avatar/${encodeURIComponent(avatar)}` : null
      return { ok: true, facts: { id, name: username, avatarUrl, scopes: null, details: {}, expiresAt: null } }
    },
  }
}

/** A token that counts no more is answered with 403 and this mark. */
function saidPlainly(reply: ProviderReply): ProviderReply {
  const isInvalid = reply.ok && reply.status === 403 && invalidShape.safeParse(reply.body).success
  return isInvalid ? { ...reply, status: 401 } : reply
}

function authorization(
  { url, apiUrl }: Settings['vercel'],
  { clientId, clientSecret, integration }: NonNullable<Settings['vercel']['oauth']>,
  ask: AskProvider,
  now: () => number,
): Authorization {
  return {
    kind: 'oauth',
    issuer: null,
    // The integration's page knows where to send people back to; it takes no address and no PKCE.
    address: ({ state }) => `${url}/integrations/${encodeURIComponent(integration)}/new?${new URLSearchParams({ state })}`,
    async exchange({ code, redirectAddress }) {
      const askedAtMs = now()
      const form = { client_id: clientId, client_secret: clientSecret.reveal(), code, redirect_uri: redirectAddress }
      const reply = await ask({ method: 'POST', url: `${apiUrl}/v2/oauth/access_token`, form })
      const grant = readTokenAnswer(LABEL, reply, askedAtMs)
      const installation = installationShape.safeParse(reply.ok ? reply.body : null)
      if (!grant.ok || !installation.success) return grant
      const { installation_id: installationId, team_id: teamId } = installation.data
      return { ...grant, details: { installationId, ...(teamId ? { teamId } : {}) } }
    },
    refresh: async () => ({ ok: false, problem: 'refused', message: 'Vercel’s tokens are not refreshed.' }),
    async revoke({ tokens, details }) {
      const id = details['installationId']
      if (id === undefined) return { ok: false, problem: 'refused', message: 'The integration is not known.' }
      const team = details['teamId'] === undefined ? '' : `?${new URLSearchParams({ teamId: details['teamId'] })}`
      const headers = { authorization: `Bearer ${tokens.access.reveal()}` }
      const address = `${apiUrl}/v1/integrations/configuration/${encodeURIComponent(id)}${team}`
      const removed = readAnswer(LABEL, await ask({ method: 'DELETE', url: address, headers }), z.unknown())
      return removed.ok ? { ok: true } : removed
    },
  }
}
