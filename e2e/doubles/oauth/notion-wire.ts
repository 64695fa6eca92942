import { authorize, type Wire, type WireAnswer } from './wire.ts'
import type { GrantAnswer } from './grants.ts'

const unauthorized: WireAnswer = {
  status: 401,
  body: { object: 'error', status: 401, code: 'unauthorized', message: 'API token is invalid.' },
}

export const notionWire: Wire = (request, context) => {
  const { grants } = context
  const { method, path, body, bearer, basic, headers } = request
  if (method === 'GET' && path === '/v1/oauth/authorize') {
    return request.query.get('owner') === 'user' ? authorize(request, context) : { status: 400, body: 'owner' }
  }
  if (!path.startsWith('/v1/')) return null
  if (headers['notion-version'] === undefined)
    return { status: 400, body: { object: 'error', status: 400, code: 'missing_version', message: '' } }
  if (method === 'POST' && path === '/v1/oauth/token') {
    if (!grants.knowsClient(...basic)) return { status: 401, body: { error: 'invalid_client' } }
    return tokenAnswer(
      body['grant_type'] === 'refresh_token'
        ? grants.refresh(body['refresh_token'])
        : grants.exchange({ code: body['code'], redirect: body['redirect_uri'], verifier: null }),
    )
  }
  if (method === 'POST' && path === '/v1/oauth/revoke') {
    if (!grants.knowsClient(...basic)) return { status: 401, body: { error: 'invalid_client' } }
    grants.revoke(body['token'])
    return { status: 200, body: { request_id: 'r' } }
  }
  if (method === 'GET' && path === '/v1/users/me') {
    const found = grants.find(bearer)
    if (found === null) return unauthorized
    const { id, login } = found.person
    return {
      status: 200,
      body: {
        object: 'user',
        id: `bot-${id}`,
        type: 'bot',
        name: 'Slipway',
        avatar_url: null,
        bot: { workspace_name: `${login}’s space`, workspace_id: `w-${id}` },
      },
    }
  }
  return null
}

function tokenAnswer(answer: GrantAnswer): WireAnswer {
  if (!answer.ok) return { status: 400, body: { error: answer.error } }
  const { access, refresh, person } = answer.grant
  // No `expires_in`: whoever uses it learns by a 401.
  return {
    status: 200,
    body: {
      access_token: access,
      refresh_token: refresh,
      token_type: 'bearer',
      bot_id: `bot-${person.id}`,
      workspace_id: `w-${person.id}`,
      workspace_name: null,
    },
  }
}
