import { authorize, type Wire, type WireAnswer } from './wire.ts'

const forbidden: WireAnswer = { status: 403, body: { error: { code: 'forbidden', message: 'Not authorized', invalidToken: true } } }

/** The integration `slipway-double`; people are sent back to the address that is registered, whatever is asked for. */
export function vercelWire(registered: () => string): Wire {
  return (request, context) => {
    const { grants } = context
    const { method, path, body, bearer } = request
    if (method === 'GET' && path === '/integrations/slipway-double/new')
      return authorize(request, context, {
        redirect: registered(),
        scopes: [],
        back: { configurationId: 'icfg_1', teamId: 'team_blue', next: `${context.url}/done` },
      })
    if (method === 'POST' && path === '/v2/oauth/access_token') {
      if (!grants.knowsClient(body['client_id'], body['client_secret'])) return { status: 400, body: { error: 'invalid_client' } }
      const answer = grants.exchange({ code: body['code'], redirect: body['redirect_uri'], verifier: null })
      if (!answer.ok) return { status: 400, body: { error: answer.error } }
      const { access, person } = answer.grant
      return {
        status: 200,
        body: {
          token_type: 'Bearer',
          access_token: access,
          installation_id: `icfg_${person.id}`,
          user_id: `user_${person.id}`,
          team_id: 'team_blue',
        },
      }
    }
    const found = grants.find(bearer)
    if (method === 'GET' && path === '/v2/user') {
      if (found === null) return forbidden
      const { id, login } = found.person
      return { status: 200, body: { user: { id: `user_${id}`, username: login, avatar: null, defaultTeamId: 'team_blue' } } }
    }
    if (method === 'GET' && path === '/v2/teams')
      return found === null
        ? forbidden
        : { status: 200, body: { teams: [{ id: 'team_blue', slug: 'blue', name: 'Blue' }], pagination: {} } }
    if (method === 'DELETE' && path.startsWith('/v1/integrations/configuration/')) {
      if (found === null || !path.endsWith(`/icfg_${found.person.id}`)) return forbidden
      grants.revoke(bearer)
      return { status: 204 }
    }
    return null
  }
}
