// What answers the part of the contract about accounts at other services, and the way to a provider and back.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ProviderName } from '@slipway/core/accounts'
import { makeSecret } from '@slipway/core/secret'
import { listConnections } from '@slipway/store/connections'
import { z } from 'zod'
import type { Access } from '../auth/open-access.ts'
import { safePath } from '../auth/safe-path.ts'
import type { Landing, Traveller } from '../connections/authorize-in-browser.ts'
import { viewConnection } from '../connections/view-connection.ts'
import { callbackAddress, describeOffers } from '../connections/describe-offers.ts'
import * as contract from '../contract/connection-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { personOf } from './guard.ts'
import { handle } from './handle.ts'
import { refuseKey } from './identity-routes.ts'
import { publicBase } from './public-base.ts'

export interface ConnectionRoutes {
  runtime: Pick<Runtime, 'store' | 'settings' | 'accountParts'>
  access: Pick<Access, 'identify'>
  publicUrl: URL | null
}

const params = z.object({ provider: contract.providerSchema })
const authQuery = z.object({
  next: z
    .string()
    .default('/settings#connections')
    .transform((typed, context) => {
      const path = safePath(typed)
      if (path === null) context.addIssue({ code: 'custom', message: 'must be a path on this server, such as /settings' })
      return path ?? '/'
    }),
})

export function addConnectionRoutes(app: FastifyInstance, { runtime, access, publicUrl }: ConnectionRoutes): void {
  const { store, settings } = runtime
  const { service, browser, providers, teams, avatars } = runtime.accountParts

  handle(app, contract.listConnections, async ({ person, request }) => ({
    connections: (await listConnections(store.as(person.ownerId), person.ownerId)).map(viewConnection),
    providers: describeOffers(settings, providers, { ownerId: person.ownerId, base: publicBase(request, publicUrl) }),
  }))

  handle(app, contract.connectByToken, async ({ person, body }) => {
    refuseKey(person)
    const who = { ownerId: person.ownerId, personId: person.id }
    return viewConnection(await service.connectByToken({ who, provider: body.provider, token: makeSecret(body.token) }))
  })

  handle(app, contract.checkConnection, async ({ person, params: { id } }) =>
    viewConnection(await service.check({ ownerId: person.ownerId, id })),
  )

  handle(app, contract.showConnectionAvatar, async ({ person, params: { id }, reply }) => {
    const image = await avatars.read({ ownerId: person.ownerId, id })
    if (image === null) throw new SlipwayError('not-found', 'There is no picture of such a connection.')
    reply.type(image.type).header('cache-control', 'private, max-age=3600')
    // Sent as it is; the contract has no word for bytes.
    return image.bytes as unknown as string
  })

  handle(app, contract.listConnectionTeams, async ({ person, params: { id } }) => ({
    teams: await teams.list({ ownerId: person.ownerId, id }),
  }))

  handle(app, contract.chooseConnectionTeam, async ({ person, params: { id }, body }) => {
    refuseKey(person)
    return viewConnection(await teams.choose({ ownerId: person.ownerId, id }, body.teamId))
  })

  handle(app, contract.disconnect, ({ person, params: { id } }) => {
    refuseKey(person)
    return service.disconnect({ who: { ownerId: person.ownerId, personId: person.id }, id })
  })

  const begin = { config: { who: 'member' }, exposeHeadRoute: false, schema: { params, querystring: authQuery } } as const
  app.get('/api/integrations/:provider/auth', begin, async (request, reply) => {
    const { provider } = request.params as z.infer<typeof params>
    const { next } = request.query as z.infer<typeof authQuery>
    const person = personOf(request)
    if (request.credential?.kind !== 'session' || person.via !== 'cookie')
      throw new SlipwayError(
        'usage',
        'Only a signed-in browser can be sent to a provider and back. Connect with a token: slipway connections add',
      )
    const traveller = { ownerId: person.ownerId, personId: person.id, credentialId: request.credential.id }
    const redirectAddress = callbackAddress(publicBase(request, publicUrl), provider)
    return go(reply, await browser.begin({ ...traveller, provider, redirectAddress, returnPath: next }))
  })

  // The provider's page leads here, so the guard lets the visit in and the session is looked at below.
  const back = { config: { who: 'everybody' }, exposeHeadRoute: false, schema: { params } } as const
  app.get('/api/integrations/:provider/callback', back, async (request, reply) => {
    const { provider } = request.params as z.infer<typeof params>
    const traveller = await travellerOf(request)
    const query = new URLSearchParams(request.url.split('?')[1] ?? '')
    const landing = await browser.finish({ traveller, provider, query })
    return go(reply, traveller === null ? '/sign-in' : landingAddress(landing, provider))
  })

  async function travellerOf(request: FastifyRequest): Promise<Traveller | null> {
    const found = await access.identify({ bearer: '', cookies: request.headers.cookie })
    if (found?.credential?.kind !== 'session' || found.person.role === 'viewer') return null
    return { ownerId: found.person.ownerId, personId: found.person.id, credentialId: found.credential.id }
  }
}

/** No address with a state or a code in it goes on to anybody. */
function go(reply: FastifyReply, address: string): FastifyReply {
  return reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(address)
}

function landingAddress(landing: Landing, provider: ProviderName): string {
  const url = new URL(landing.returnPath, 'http://path.invalid')
  url.searchParams.set('provider', provider)
  url.searchParams.set('connection', landing.ok ? 'made' : landing.reason)
  return url.pathname + url.search + url.hash
}
