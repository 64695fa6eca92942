// What answers the administrators' part of the contract: people, and what was done about access.

import type { FastifyInstance } from 'fastify'
import type { Access } from '../auth/open-access.ts'
import type { PersonRow } from '../auth/people.ts'
import type { Person } from '../auth/person.ts'
import * as contract from '../contract/identity-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { handle } from './handle.ts'
import { refuseKey } from './identity-routes.ts'

export function addPeopleRoutes(app: FastifyInstance, { people, audit }: Access): void {
  handle(app, contract.listPeople, async ({ person }) => ({ people: (await people.list()).map((row) => view(row, person)) }))

  handle(app, contract.invitePerson, async ({ person, body }) => {
    refuseKey(person)
    const row = await people.invite(body)
    if (row === null) throw new SlipwayError('conflict', 'This address is known already. GET /api/v1/people lists it.')
    await audit.record({ actorId: person.id, action: 'person-invited', subject: row.id, details: { email: row.email, role: row.role } })
    return view(row, person)
  })

  handle(app, contract.changePerson, async ({ person, params, body }) => {
    refuseKey(person)
    const { role = null, isDisabled = null } = body
    const result = await people.change({ id: params.id, role, isDisabled })
    if (result === 'last') throw new SlipwayError('conflict', 'This is the last administrator. Make somebody else administrator first.')
    const row = result === 'ok' ? await people.get(params.id) : null
    if (row === null) throw new SlipwayError('not-found', 'There is no such person. GET /api/v1/people lists everybody.')
    await audit.record({ actorId: person.id, action: 'person-changed', subject: row.id, details: { role, isDisabled } })
    return view(row, person)
  })

  handle(app, contract.listAudit, async ({ query }) => {
    const entries = await audit.list({ before: query.before ?? null, limit: query.limit })
    return { entries, next: entries.length === query.limit ? (entries.at(-1)?.seq ?? null) : null }
  })
}

function view(row: PersonRow, you: Person) {
  return { ...row, isYou: row.id === you.id }
}
