// What answers the administrators' part of the contract.

import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/admin-routes.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Runtime } from '../runtime.ts'
import { readOverview } from '../views/admin-overview.ts'
import { handle } from './handle.ts'

export function addAdminRoutes(app: FastifyInstance, { store, settings }: Runtime, metrics: Metrics): void {
  handle(app, contract.adminOverview, async () => readOverview(store, settings, await metrics.openStreams()))
}
