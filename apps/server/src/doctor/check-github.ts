// Does GitHub accept the token, and may it do what is asked of it.

import type { Settings } from '../settings.ts'
import type { Finding } from './finding.ts'
import { broken, doubtful, well } from './finding.ts'
import type { Host } from './host.ts'

const NAME = 'GitHub'

/** null when no token is set: local repositories need none. */
export async function checkGithub(host: Host, { apiUrl, token }: Pick<Settings['github'], 'apiUrl' | 'token'>): Promise<Finding | null> {
  if (token === null) return null
  const answer = await host.get(`${apiUrl}/user`, {
    authorization: `Bearer ${token.reveal()}`,
    accept: 'application/vnd.github+json',
    'user-agent': 'slipway',
  })
  if (!answer.ok)
    return broken(NAME, {
      summary: `${apiUrl} cannot be reached`,
      cause: `The connection failed: ${answer.code}.`,
      fix: `Check GITHUB_API_URL, and what this says: \`curl -sS -o /dev/null ${apiUrl}\``,
    })
  if (answer.status === 401)
    return broken(NAME, {
      summary: 'GITHUB_TOKEN is refused',
      cause: `${apiUrl} answers 401: the token is wrong, expired or revoked.`,
      fix: 'export GITHUB_TOKEN=<a new token with write access to contents and pull requests>',
    })
  // An app's token may not ask who it is, but is valid.
  if (answer.status === 403 && /not accessible by integration/i.test(answer.text)) return well(NAME, `${apiUrl} accepts GITHUB_TOKEN`)
  if (answer.status !== 200)
    return doubtful(NAME, {
      summary: `${apiUrl} answers ${answer.status}`,
      cause: 'The token could not be checked.',
      fix: 'Try again later; check GITHUB_API_URL.',
    })
  const scopes = answer.headers['x-oauth-scopes']
  const isTooNarrow = scopes !== undefined && scopes !== '' && !/(^|[ ,])(public_)?repo([ ,]|$)/.test(scopes)
  if (isTooNarrow)
    return doubtful(NAME, {
      summary: 'GITHUB_TOKEN may not push',
      cause: `Its scopes are: ${scopes}.`,
      fix: 'Make a token with the scope repo, or a fine-grained one with write access to contents and pull requests.',
    })
  return well(NAME, `${apiUrl} accepts GITHUB_TOKEN`)
}
