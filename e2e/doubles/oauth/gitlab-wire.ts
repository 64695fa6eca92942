import { authorize, lifetime, type Wire, type WireAnswer } from './wire.ts'
import type { GrantAnswer } from './grants.ts'

const refused = (error: string): WireAnswer => ({
  status: error === 'invalid_client' ? 401 : 400,
  body: { error, error_description: `${error}.` },
})
const unauthorized: WireAnswer = { status: 401, body: { message: '401 Unauthorized' } }

/** A picture of one dot. */
const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

/** Below `/gitlab`, as an installation with a relative root is. */
export const gitlabWire: Wire = (request, context) => {
  const { grants } = context
  const { method, body, bearer } = request
  const path = request.path.replace(/^\/gitlab(?=\/)/, '')
  if (path === request.path) return null
  if (method === 'GET' && path === '/oauth/authorize') return authorize(request, context)
  if (method === 'POST' && path === '/oauth/token') {
    if (!grants.knowsClient(body['client_id'], body['client_secret'])) return refused('invalid_client')
    return tokenAnswer(
      body['grant_type'] === 'refresh_token'
        ? grants.refresh(body['refresh_token'])
        : grants.exchange({ code: body['code'], redirect: body['redirect_uri'], verifier: body['code_verifier'] }),
    )
  }
  if (method === 'POST' && path === '/oauth/revoke') {
    if (!grants.knowsClient(body['client_id'], body['client_secret'])) return refused('invalid_client')
    grants.revoke(body['token'])
    return { status: 200, body: {} }
  }
  // Public, as on a real one.
  if (method === 'GET' && path.startsWith('/uploads/avatar/')) return { status: 200, body: dot, headers: { 'content-type': 'image/png' } }
  const found = grants.find(bearer)
  if (method === 'GET' && path === '/oauth/token/info')
    return found === null ? { status: 401, body: { error: 'invalid_token' } } : { status: 200, body: { scope: found.scopes } }
  if (method === 'GET' && path === '/api/v4/user') {
    if (found === null) return unauthorized
    const { id, login } = found.person
    return {
      status: 200,
      body: { id, username: login, name: login, avatar_url: `${context.url}/gitlab/uploads/avatar/${id}.png`, state: 'active' },
    }
  }
  if (method === 'GET' && path === '/api/v4/personal_access_tokens/self') {
    if (found === null) return unauthorized
    if (found.family !== null) return { status: 404, body: { message: '404 Not Found' } }
    return { status: 200, body: { id: 1, scopes: found.scopes, expires_at: '2099-12-31', revoked: false } }
  }
  return null
}

function tokenAnswer(answer: GrantAnswer): WireAnswer {
  if (!answer.ok) return refused(answer.error)
  const { access, refresh, scopes, expiresAtMs } = answer.grant
  return {
    status: 200,
    body: {
      access_token: access,
      token_type: 'Bearer',
      refresh_token: refresh,
      scope: scopes.join(' '),
      created_at: 1,
      ...lifetime(expiresAtMs),
    },
  }
}
