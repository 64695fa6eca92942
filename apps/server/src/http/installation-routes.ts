// What answers the installation's part of the contract.

import type { FastifyInstance } from 'fastify'
import { listProviders } from '@slipway/agent/model/default-model'
import type { RoleSetting } from '@slipway/core/events'
import * as contract from '../contract/installation-routes.ts'
import type { Runtime } from '../runtime.ts'
import { readUsage } from '../views/installation-usage.ts'
import { handle } from './handle.ts'

export function addInstallationRoutes(app: FastifyInstance, runtime: Runtime): void {
  handle(app, contract.listModels, async () => ({
    roles: await Promise.all(Object.entries(runtime.settings.roles ?? {}).map(([role, setting]) => describeRole(runtime, role, setting))),
    providers: listProviders(runtime.settings.models),
  }))

  handle(app, contract.installationUsage, ({ person }) => readUsage(runtime.store.as(person.ownerId), person.ownerId))
}

async function describeRole({ ports }: Runtime, role: string, { model, fallback }: RoleSetting) {
  const described = await ports.model.describe(model)
  if (!described.ok)
    return {
      role,
      model,
      fallback,
      isReady: false,
      problem: described.message,
      hasTools: null,
      contextWindow: null,
      hasPrice: false,
      isScripted: false,
    }
  const { hasTools, contextWindow, price, isScripted } = described.description
  return { role, model, fallback, isReady: true, problem: null, hasTools, contextWindow, hasPrice: price !== null, isScripted }
}
