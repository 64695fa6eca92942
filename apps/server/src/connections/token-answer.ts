// What a provider's token address answers: tokens, or a reason in the words of OAuth 2, which some say with status 200.

import { makeSecret } from '@slipway/core/secret'
import { z } from 'zod'
import type { ProviderReply } from './ask-provider.ts'
import type { Grant, ProviderProblem } from './provider.ts'

const answerShape = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  // Some servers send numbers as text.
  expires_in: z.coerce.number().positive().nullish().catch(null),
  scope: z.string().nullish().catch(null),
})
const errorShape = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) })

const REFUSED = ['invalid_grant', 'bad_verification_code', 'bad_refresh_token', 'expired_token', 'access_denied', 'invalid_token']
const MISCONFIGURED = [
  'invalid_client',
  'unauthorized_client',
  'incorrect_client_credentials',
  'redirect_uri_mismatch',
  'unsupported_grant_type',
  'invalid_scope',
  'device_flow_disabled',
]

/** `askedAtMs`: when the request went out, so that a slow answer makes no token look younger than it is. */
export function readTokenAnswer(label: string, reply: ProviderReply, askedAtMs: number): ({ ok: true } & Grant) | ProviderProblem {
  if (!reply.ok) return { ok: false, problem: 'network', message: `${label} cannot be reached: ${reply.why}. Try again in a minute.` }
  const code = errorCode(reply.body)
  if (code !== null && REFUSED.includes(code))
    return { ok: false, problem: 'refused', message: `${label} refused it (${code}): it was used, has run out or was revoked.` }
  if (code !== null && MISCONFIGURED.includes(code)) {
    const message = `${label} does not accept this installation (${code}). An administrator checks the client id, the secret and the callback address.`
    return { ok: false, problem: 'misconfigured', message }
  }
  const parsed = answerShape.safeParse(reply.body)
  if (reply.status !== 200 || !parsed.success)
    return {
      ok: false,
      problem: 'network',
      message: `${label} answered ${reply.status}${code ? ` (${code})` : ''}. Try again in a minute.`,
    }
  const { access_token: access, refresh_token: refresh, expires_in: seconds, scope } = parsed.data
  return {
    ok: true,
    tokens: {
      access: makeSecret(access),
      refresh: refresh ? makeSecret(refresh) : null,
      expiresAt: seconds ? new Date(askedAtMs + seconds * 1000).toISOString() : null,
    },
    scopes: scope ? scope.split(/[\s,]+/).filter(Boolean) : null,
    details: {},
  }
}

export function errorCode(body: unknown): string | null {
  const parsed = errorShape.safeParse(body)
  return parsed.success ? parsed.data.error : null
}

/** For everything but tokens: the body when the answer fits, or what went wrong. */
export function readAnswer<Shape extends z.ZodType>(
  label: string,
  reply: ProviderReply,
  shape: Shape,
): { ok: true; value: z.output<Shape>; headers: Headers } | ProviderProblem {
  if (!reply.ok) return { ok: false, problem: 'network', message: `${label} cannot be reached: ${reply.why}. Try again in a minute.` }
  if (reply.status === 401)
    return { ok: false, problem: 'refused', message: `${label} does not accept the token: it is wrong, ran out or was revoked.` }
  const parsed = shape.safeParse(reply.body)
  if (reply.status >= 200 && reply.status < 300 && parsed.success) return { ok: true, value: parsed.data, headers: reply.headers }
  // 403 is said for too many requests as well, so it says nothing against the token itself.
  const problem = reply.status === 403 ? 'misconfigured' : 'network'
  const message =
    reply.status === 403
      ? `${label} does not let the token say whose it is. Give it the permission to read the account.`
      : `${label} answered ${reply.status} in a form that is not known. Try again in a minute.`
  return { ok: false, problem, message }
}
