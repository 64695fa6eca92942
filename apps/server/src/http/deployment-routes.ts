// What answers the contract's part about deployments.

import type { FastifyInstance } from 'fastify'
import type { Access } from '../auth/open-access.ts'
import * as contract from '../contract/deployment-routes.ts'
import type { FollowNeeds } from '../deployments/follow-deployments.ts'
import { cancelDeployment, changeProduction, viewDeployments } from '../deployments/session-deployments.ts'
import { handle } from './handle.ts'

export function addDeploymentRoutes(app: FastifyInstance, runtime: FollowNeeds, { audit }: Pick<Access, 'audit'>): void {
  handle(app, contract.showDeployments, ({ params, person }) => viewDeployments(runtime, { person, sessionId: params.id }))

  handle(app, contract.promoteDeployment, async ({ params, body, person }) => {
    const { id: sessionId, deploymentId } = params
    await changeProduction(runtime, { person, sessionId, deploymentId, effectHash: body.effectHash, change: 'promote' })
    await audit.record({ actorId: person.id, action: 'deployment-promoted', subject: sessionId, details: { deploymentId } })
    return { asked: true as const }
  })

  handle(app, contract.rollBackDeployment, async ({ params, body, person }) => {
    const { id: sessionId, deploymentId } = params
    await changeProduction(runtime, { person, sessionId, deploymentId, effectHash: body.effectHash, change: 'rollback' })
    await audit.record({ actorId: person.id, action: 'deployment-rolled-back', subject: sessionId, details: { deploymentId } })
    return { asked: true as const }
  })

  handle(app, contract.cancelDeployment, async ({ params, person }) => {
    await cancelDeployment(runtime, { person, sessionId: params.id, deploymentId: params.deploymentId })
    return { asked: true as const }
  })
}
