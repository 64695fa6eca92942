// Notion: a public integration that people let into their workspace, or the token of an internal one.

import { z } from 'zod'
import type { Settings } from '../../settings.ts'
import type { AskProvider } from '../ask-provider.ts'
import type { Authorization, Provider } from '../provider.ts'
import { readAnswer, readTokenAnswer } from '../token-answer.ts'

const LABEL = 'Notion'
const VERSION = '2025-09-03'
const botShape = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
  bot: z.object({ workspace_name: z.string().nullish(), workspace_id: z.string().nullish() }).nullish(),
})
const workspaceShape = z.object({ workspace_id: z.string(), workspace_name: z.string().nullish(), bot_id: z.string() })

export function notionProvider(settings: Settings['notion'], ask: AskProvider, now: () => number): Provider {
  const { apiUrl, oauth } = settings

  return {
    name: 'notion',
    label: LABEL,
    tokenPage: 'https://www.notion.so/profile/integrations',
    authorization: oauth === null ? null : authorization(apiUrl, oauth, ask, now),
    async whoIs(token) {
      const headers = { authorization: `Bearer ${token.reveal()}`, 'notion-version': VERSION }
      const bot = readAnswer(LABEL, await ask({ method: 'GET', url: `${apiUrl}/v1/users/me`, headers }), botShape)
      if (!bot.ok) return bot
      const { id, name, avatar_url: avatarUrl, bot: about } = bot.value
      const workspace = about?.workspace_name
      const details: Record<string, string> = about?.workspace_id ? { workspaceId: about.workspace_id } : {}
      const called = [workspace, name].filter(Boolean).join(' · ') || id
      return { ok: true, facts: { id, name: called, avatarUrl: avatarUrl ?? null, scopes: null, details, expiresAt: null } }
    },
  }
}

function authorization(
  apiUrl: string,
  { clientId, clientSecret }: NonNullable<Settings['notion']['oauth']>,
  ask: AskProvider,
  now: () => number,
): Authorization {
  const headers = {
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64')}`,
    'notion-version': VERSION,
  }

  async function tokens(json: Record<string, string>) {
    const askedAtMs = now()
    const reply = await ask({ method: 'POST', url: `${apiUrl}/v1/oauth/token`, headers, json })
    const grant = readTokenAnswer(LABEL, reply, askedAtMs)
    const workspace = workspaceShape.safeParse(reply.ok ? reply.body : null)
    return grant.ok && workspace.success ? { ...grant, details: { workspaceId: workspace.data.workspace_id } } : grant
  }

  return {
    kind: 'oauth',
    issuer: null,
    address({ state, redirectAddress }) {
      const query = new URLSearchParams({ client_id: clientId, redirect_uri: redirectAddress, response_type: 'code', owner: 'user', state })
      return `${apiUrl}/v1/oauth/authorize?${query}`
    },
    exchange: ({ code, redirectAddress }) => tokens({ grant_type: 'authorization_code', code, redirect_uri: redirectAddress }),
    refresh: (token) => tokens({ grant_type: 'refresh_token', refresh_token: token.reveal() }),
    async revoke({ tokens: { access } }) {
      const reply = await ask({ method: 'POST', url: `${apiUrl}/v1/oauth/revoke`, headers, json: { token: access.reveal() } })
      const revoked = readAnswer(LABEL, reply, z.unknown())
      return revoked.ok ? { ok: true } : revoked
    },
  }
}
