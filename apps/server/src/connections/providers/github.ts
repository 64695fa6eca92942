// GitHub: an OAuth app, the user side of a GitHub App, or a token. A company's own server differs in addresses only.

import { z } from 'zod'
import type { Settings } from '../../settings.ts'
import type { AskProvider } from '../ask-provider.ts'
import type { Authorization, Provider } from '../provider.ts'
import { readAnswer, readTokenAnswer } from '../token-answer.ts'

const LABEL = 'GitHub'
/** An App has permissions in place of scopes and overlooks these. */
export const GITHUB_SCOPE = 'repo workflow'
export const githubHeaders = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }
const userShape = z.object({ id: z.int(), login: z.string().min(1), avatar_url: z.string().nullish() })

export function githubProvider(settings: Settings['github'], ask: AskProvider, now: () => number): Provider {
  const { url, apiUrl, clientId, clientSecret } = settings

  return {
    name: 'github',
    label: LABEL,
    tokenPage: `${url}/settings/personal-access-tokens`,
    authorization:
      clientId === null || clientSecret === null ? null : authorization(settings, { clientId, secret: clientSecret.reveal() }, ask, now),
    async whoIs(token) {
      const headers = { ...githubHeaders, authorization: `Bearer ${token.reveal()}` }
      const answer = readAnswer(LABEL, await ask({ method: 'GET', url: `${apiUrl}/user`, headers }), userShape)
      if (!answer.ok) return answer
      const { id, login, avatar_url: avatarUrl } = answer.value
      const said = answer.headers.get('x-oauth-scopes')
      const scopes = said === null ? null : said.split(',').flatMap((scope) => scope.trim() || [])
      const expiresAt = dateOf(answer.headers.get('github-authentication-token-expiration'))
      return { ok: true, facts: { id: String(id), name: login, avatarUrl: avatarUrl ?? null, scopes, details: {}, expiresAt } }
    },
  }
}

function authorization(
  { url, apiUrl, app }: Settings['github'],
  { clientId, secret }: { clientId: string; secret: string },
  ask: AskProvider,
  now: () => number,
): Authorization {
  async function tokens(form: Record<string, string>) {
    const askedAtMs = now()
    const client = { client_id: clientId, client_secret: secret }
    const reply = await ask({ method: 'POST', url: `${url}/login/oauth/access_token`, form: { ...client, ...form } })
    return readTokenAnswer(LABEL, reply, askedAtMs)
  }

  return {
    kind: app === null ? 'oauth' : 'app',
    issuer: `${url}/login/oauth`,
    address({ state, challenge, redirectAddress }) {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectAddress,
        scope: GITHUB_SCOPE,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      })
      return `${url}/login/oauth/authorize?${query}`
    },
    exchange: ({ code, verifier, redirectAddress }) => tokens({ code, redirect_uri: redirectAddress, code_verifier: verifier.reveal() }),
    refresh: (token) => tokens({ grant_type: 'refresh_token', refresh_token: token.reveal() }),
    async revoke({ tokens: { access } }) {
      const headers = { ...githubHeaders, authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` }
      const address = `${apiUrl}/applications/${encodeURIComponent(clientId)}/token`
      const reply = await ask({ method: 'DELETE', url: address, headers, json: { access_token: access.reveal() } })
      // 404, 422: it is no token of this app any more.
      if (reply.ok && (reply.status === 404 || reply.status === 422)) return { ok: true }
      const revoked = readAnswer(LABEL, reply, z.unknown())
      return revoked.ok ? { ok: true } : revoked
    },
  }
}

/** GitHub writes `2026-12-31 23:59:59 UTC`, or with an offset. */
function dateOf(text: string | null): string | null {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
