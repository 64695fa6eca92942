// What answers the part of the contract about who somebody is.

import type { FastifyInstance } from 'fastify'
import * as devices from '../auth/devices.ts'
import * as keys from '../auth/keys.ts'
import type { Access } from '../auth/open-access.ts'
import type { Person } from '../auth/person.ts'
import * as contract from '../contract/identity-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { callerOf, setCookies } from './sign-in-routes.ts'

export function addIdentityRoutes(app: FastifyInstance, runtime: Pick<Runtime, 'store'>, access: Access): void {
  const { store } = runtime
  const { audit, people } = access

  async function me(person: Person) {
    const { rows } = await store
      .as(person.ownerId)
      .query<{ document: Record<string, unknown> }>('select document from preferences where owner_id = $1', [person.ownerId])
    const row = await people.get(person.id)
    const { id, email, role, via } = person
    const name = row?.name || person.name || (email ?? '')
    return { id, name, email, role, via, preferences: rows[0]?.document ?? {}, createdAt: row?.createdAt ?? null }
  }

  handle(app, contract.showMe, async ({ person, request, reply }) => {
    if (person.via === 'cookie') setCookies(reply, await access.signIn.refresh(callerOf(request)))
    return me(person)
  })

  handle(app, contract.changeMe, async ({ person, body }) => {
    if (body.name !== undefined) {
      if (person.email === null) throw new SlipwayError('usage', 'The command line has no name to change. Sign in, and change yours.')
      await people.rename({ id: person.id, name: body.name })
    }
    if (body.preferences !== undefined) {
      await store
        .as(person.ownerId)
        .query(
          `insert into preferences (owner_id, document) values ($1, $2) on conflict (owner_id) do update set document = excluded.document, updated_at = clock_timestamp()`,
          [person.ownerId, JSON.stringify(body.preferences)],
        )
    }
    return me(person)
  })

  handle(app, contract.listDevices, async ({ person, request }) => ({
    devices: (await devices.listDevices(store.database.pool, person.id)).map((device) => ({
      ...device,
      isCurrent: request.credential?.id === device.id,
    })),
  }))

  handle(app, contract.signOutDevice, async ({ person, params }) => {
    refuseKey(person)
    const count = await devices.signOutDevices(store.database.pool, person.id, params.id)
    if (count === 0) throw new SlipwayError('not-found', 'You are not signed in there. GET /api/v1/devices lists where you are.')
    await audit.record({ actorId: person.id, action: 'device-signed-out', subject: params.id, details: {} })
    return { signedOut: true as const }
  })

  handle(app, contract.signOutEverywhere, async ({ person }) => {
    refuseKey(person)
    const count = await devices.signOutDevices(store.database.pool, person.id, null)
    await audit.record({ actorId: person.id, action: 'signed-out-everywhere', subject: null, details: { devices: count } })
    return { signedOut: true as const }
  })

  handle(app, contract.listKeys, async ({ person }) => ({ keys: await keys.listKeys(store.as(person.ownerId)) }))

  handle(app, contract.makeKey, async ({ person, body }) => {
    refuseKey(person)
    const made = await keys.makeKey(store.as(person.ownerId), person, body)
    await audit.record({
      actorId: person.id,
      action: 'key-made',
      subject: made.id,
      details: { hint: made.hint, expiresAt: made.expiresAt },
    })
    return made
  })

  handle(app, contract.revokeKey, async ({ person, params }) => {
    if (!(await keys.revokeKey(store.as(person.ownerId), params.id)))
      throw new SlipwayError('not-found', 'There is no such key. GET /api/v1/keys lists those you have.')
    await audit.record({ actorId: person.id, action: 'key-revoked', subject: params.id, details: {} })
    return { deleted: true as const }
  })
}

/** A key that leaked must not make others, nor shut its person out. */
export function refuseKey({ via }: Person): void {
  if (via === 'key') throw new SlipwayError('forbidden', 'A key may not do this. Sign in, or use the token of the home folder.')
}
