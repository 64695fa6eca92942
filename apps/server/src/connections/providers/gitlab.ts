// GitLab, also a company's own and below a path: everything lies below its web address.

import { z } from 'zod'
import type { Settings } from '../../settings.ts'
import type { AskProvider } from '../ask-provider.ts'
import type { Authorization, Provider } from '../provider.ts'
import { readAnswer, readTokenAnswer } from '../token-answer.ts'

const LABEL = 'GitLab'
const SCOPE = 'api'
const userShape = z.object({ id: z.int(), username: z.string().min(1), avatar_url: z.string().nullish() })
const ownTokenShape = z.object({ scopes: z.array(z.string()), expires_at: z.string().nullish() })
const tokenInfoShape = z.object({ scope: z.array(z.string()) })
const DAY_MS = 86_400_000

export function gitlabProvider(settings: Settings['gitlab'], ask: AskProvider, now: () => number): Provider {
  const { url, oauth } = settings

  return {
    name: 'gitlab',
    label: LABEL,
    tokenPage: `${url}/-/user_settings/personal_access_tokens`,
    authorization: oauth === null ? null : authorization(url, oauth, ask, now),
    async whoIs(token) {
      const headers = { authorization: `Bearer ${token.reveal()}` }
      const user = readAnswer(LABEL, await ask({ method: 'GET', url: `${url}/api/v4/user`, headers }), userShape)
      if (!user.ok) return user
      const { id, username, avatar_url: avatarUrl } = user.value
      // Answers for tokens that people make; for those of OAuth the other one does.
      const own = readAnswer(LABEL, await ask({ method: 'GET', url: `${url}/api/v4/personal_access_tokens/self`, headers }), ownTokenShape)
      const info = own.ok ? null : readAnswer(LABEL, await ask({ method: 'GET', url: `${url}/oauth/token/info`, headers }), tokenInfoShape)
      const scopes = own.ok ? own.value.scopes : info?.ok ? info.value.scope : null
      const lastDay = own.ok ? own.value.expires_at : null
      const expiresAt = lastDay ? new Date(Date.parse(lastDay) + DAY_MS).toISOString() : null
      return { ok: true, facts: { id: String(id), name: username, avatarUrl: avatarUrl ?? null, scopes, details: {}, expiresAt } }
    },
  }
}

function authorization(
  url: string,
  { clientId, clientSecret }: NonNullable<Settings['gitlab']['oauth']>,
  ask: AskProvider,
  now: () => number,
): Authorization {
  async function tokens(form: Record<string, string>) {
    const askedAtMs = now()
    const client = { client_id: clientId, client_secret: clientSecret.reveal() }
    return readTokenAnswer(LABEL, await ask({ method: 'POST', url: `${url}/oauth/token`, form: { ...client, ...form } }), askedAtMs)
  }

  return {
    kind: 'oauth',
    issuer: url,
    address({ state, challenge, redirectAddress }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectAddress,
        response_type: 'code',
        scope: SCOPE,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })
      return `${url}/oauth/authorize?${query}`
    },
    exchange: ({ code, verifier, redirectAddress }) =>
      tokens({ grant_type: 'authorization_code', code, redirect_uri: redirectAddress, code_verifier: verifier.reveal() }),
    refresh: (token) => tokens({ grant_type: 'refresh_token', refresh_token: token.reveal() }),
    async revoke({ tokens: held }) {
      const form = { client_id: clientId, client_secret: clientSecret.reveal(), token: (held.refresh ?? held.access).reveal() }
      const first = readAnswer(LABEL, await ask({ method: 'POST', url: `${url}/oauth/revoke`, form }), z.unknown())
      if (!first.ok || held.refresh === null) return first.ok ? { ok: true } : first
      const access = { ...form, token: held.access.reveal() }
      const second = readAnswer(LABEL, await ask({ method: 'POST', url: `${url}/oauth/revoke`, form: access }), z.unknown())
      return second.ok ? { ok: true } : second
    },
  }
}
