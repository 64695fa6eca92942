// What answers the routines' part of the contract.

import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/routine-routes.ts'
import type { Routines } from '../routines/routines.ts'
import { handle } from './handle.ts'

export function addRoutineRoutes(app: FastifyInstance, routines: Routines): void {
  handle(app, contract.createRoutine, ({ body, person }) => routines.create(person, body))
  handle(app, contract.listRoutines, async ({ person }) => ({ routines: await routines.list(person) }))
  handle(app, contract.changeRoutine, ({ params, body, person }) => routines.setPaused(person, params.id, body.isPaused))
  handle(app, contract.deleteRoutine, async ({ params, person }) => {
    await routines.delete(person, params.id)
    return { deleted: true }
  })
}
