// What answers the contract's part about sharing.

import type { FastifyInstance } from 'fastify'
import { loadState } from '../actions/access.ts'
import type { Access } from '../auth/open-access.ts'
import { listShares, makeShare, resolveShare, withdrawShare, type Shared } from '../auth/shares.ts'
import type { Person } from '../auth/person.ts'
import { statesOf } from '../auth/ports-for.ts'
import * as contract from '../contract/share-routes.ts'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { viewSession } from '../views/session-view.ts'
import { readPlaces, viewShared, viewSharedEvent } from '../views/shared-view.ts'
import { readPage } from './events-page.ts'
import { handle } from './handle.ts'

export function addShareRoutes(app: FastifyInstance, runtime: Pick<Runtime, 'store' | 'settings'>, access: Access): void {
  const { store } = runtime

  const placesOf = (ownerId: string, sessionId: string) =>
    readPlaces(store.as(ownerId), { sessionId, scriptFolder: runtime.settings.models.scriptFolder })

  async function requireOwn(person: Person, sessionId: string): Promise<void> {
    if ((await store.as(person.ownerId).sessions.get(sessionId)) === null) throw unknownSession(sessionId)
  }

  handle(app, contract.makeShare, async ({ params, body, person }) => {
    await requireOwn(person, params.id)
    const mine = store.as(person.ownerId)
    const made = await makeShare(mine, { sessionId: params.id, ownerId: person.ownerId, expiresAt: body.expiresAt })
    await access.audit.record({
      actorId: person.id,
      action: 'share-made',
      subject: params.id,
      details: { shareId: made.id, expiresAt: made.expiresAt },
    })
    return { ...made, path: `/shared/${made.token}` }
  })

  handle(app, contract.listShares, async ({ params, person }) => {
    await requireOwn(person, params.id)
    return { shares: await listShares(store.as(person.ownerId), params.id) }
  })

  handle(app, contract.withdrawShare, async ({ params, person }) => {
    await requireOwn(person, params.id)
    if (!(await withdrawShare(store.as(person.ownerId), { sessionId: params.id, id: params.shareId })))
      throw new SlipwayError('not-found', 'There is no such link on this session.')
    await access.audit.record({ actorId: person.id, action: 'share-withdrawn', subject: params.id, details: { shareId: params.shareId } })
    return { withdrawn: true as const }
  })

  handle(app, contract.showShared, async ({ params }) => {
    const { sessionId, ownerId } = await requireShared(runtime, params.token)
    const { log } = store.as(ownerId)
    const { state, createdAt, updatedAt } = await loadState(
      { log: { ...store.log, read: log.read }, person: { id: 'nobody', ownerId }, states: statesOf(store) },
      sessionId,
    )
    return viewShared(viewSession(state, { createdAt, updatedAt }), await placesOf(ownerId, sessionId))
  })

  handle(app, contract.readSharedEvents, async ({ params, query }) => {
    const { sessionId, ownerId } = await requireShared(runtime, params.token)
    const { log, sessions } = store.as(ownerId)
    const row = await sessions.get(sessionId)
    if (row === null) throw unknownLink()
    const { events, head } = await readPage(log, row, query)
    const places = await placesOf(ownerId, sessionId)
    return { events: events.map((event) => viewSharedEvent(event, places)).map((event) => ({ ...event, body: { ...event.body } })), head }
  })
}

/** A link that is unknown, withdrawn or run out all look the same. */
export async function requireShared({ store }: Pick<Runtime, 'store'>, token: string): Promise<Shared> {
  const shared = await resolveShare(store.database.pool, token)
  if (shared === null) throw unknownLink()
  return shared
}

function unknownLink(): SlipwayError {
  return new SlipwayError('not-found', 'This link leads nowhere. It may have been withdrawn or have run out; ask for a new one.')
}
