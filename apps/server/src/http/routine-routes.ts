// What answers the routines' part of the contract.

import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/routine-routes.ts'
import type { Routines } from '../routines/routines.ts'
import { handle } from './handle.ts'

export function addRoutineRoutes(app: FastifyInstance, routines: Routines): void {
  handle(app, contract.createRoutine, ({ body }) => routines.create(body))
  handle(app, contract.listRoutines, async () => ({ routines: await routines.list() }))
  handle(app, contract.changeRoutine, ({ params, body }) => routines.setPaused(params.id, body.isPaused))
  handle(app, contract.deleteRoutine, async ({ params }) => {
    await routines.delete(params.id)
    return { deleted: true }
  })
}
