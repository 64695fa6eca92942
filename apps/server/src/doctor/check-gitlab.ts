// Does GitLab accept the token, and may it do what is asked of it.

import { z } from 'zod'
import type { Settings } from '../settings.ts'
import type { Finding } from './finding.ts'
import { broken, doubtful, well } from './finding.ts'
import type { Host } from './host.ts'

const NAME = 'GitLab'
const NEW_ONE = 'export GITLAB_TOKEN=<a new token with the scope api>'
const tokenShape = z.object({ scopes: z.array(z.string()), active: z.boolean().optional() })

/** null when no token is set: local repositories need none. */
export async function checkGitlab(host: Host, { url, token }: Pick<Settings['gitlab'], 'url' | 'token'>): Promise<Finding | null> {
  if (token === null) return null
  const headers = { authorization: `Bearer ${token.reveal()}`, accept: 'application/json', 'user-agent': 'slipway' }
  const apiUrl = `${url}/api/v4`
  const answer = await host.get(`${apiUrl}/user`, headers)
  if (!answer.ok)
    return broken(NAME, {
      summary: `${apiUrl} cannot be reached`,
      cause: `The connection failed: ${answer.code}.`,
      fix: `Check GITLAB_URL, and what this says: \`curl -sS -o /dev/null ${apiUrl}/user\``,
    })
  if (answer.status === 401)
    return broken(NAME, {
      summary: 'GITLAB_TOKEN is refused',
      cause: `${apiUrl} answers 401: the token is wrong, expired or revoked.`,
      fix: NEW_ONE,
    })
  if (answer.status === 403)
    return doubtful(NAME, {
      summary: 'GITLAB_TOKEN may not use the API',
      cause: `${apiUrl} answers 403: the token lacks a scope.`,
      fix: NEW_ONE,
    })
  if (answer.status !== 200)
    return doubtful(NAME, {
      summary: `${apiUrl} answers ${answer.status}`,
      cause: 'The token could not be checked.',
      fix: 'Try again later; check GITLAB_URL, with the path when GitLab lies below one.',
    })
  // Only a personal, group or project token can say what it may do.
  const own = await host.get(`${apiUrl}/personal_access_tokens/self`, headers)
  const scopes = own.ok && own.status === 200 ? scopesIn(own.text) : null
  if (scopes !== null && !scopes.includes('api'))
    return doubtful(NAME, { summary: 'GITLAB_TOKEN may not push', cause: `Its scopes are: ${scopes.join(', ')}.`, fix: NEW_ONE })
  return well(NAME, `${apiUrl} accepts GITLAB_TOKEN`)
}

function scopesIn(text: string): string[] | null {
  try {
    const parsed = tokenShape.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data.scopes : null
  } catch {
    return null
  }
}
