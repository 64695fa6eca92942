// What answers the plans' part of the contract.

import { listPlans } from '@slipway/store/plans'
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/plan-routes.ts'
import type { NotionAccess } from '../notion/notion-access.ts'
import { tellNotionOfPlan } from '../plans/notion-rows.ts'
import { approveAs, askAs, changePlanAs, dropAs, makePlan, showPlan, stopAs } from '../plans/plan-service.ts'
import { askForProject } from '../plans/ask-for-project.ts'
import { askForRepository } from '../plans/ask-for-repository.ts'
import { viewPlans } from '../plans/view-plan.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { untilGone } from './until-gone.ts'

export function addPlanRoutes(app: FastifyInstance, runtime: Runtime, access: NotionAccess): void {
  handle(app, contract.createPlan, ({ body, person, request, reply }) => {
    const key = request.headers['idempotency-key']
    return makePlan({ runtime, person }, access, { body, key: typeof key === 'string' ? key : null }, untilGone(reply))
  })
  handle(app, contract.listPlans, async ({ query, person }) => {
    const store = runtime.store.as(person.ownerId)
    return { plans: await viewPlans(store, await listPlans(store, query.limit)) }
  })
  handle(app, contract.showPlan, ({ params, person }) => showPlan({ runtime, person }, params.id))
  handle(app, contract.changePlan, ({ params, body, person }) => changePlanAs({ runtime, person }, params.id, body))
  handle(app, contract.askForPlan, ({ params, body, person }) => askAs({ runtime, person }, params.id, body))
  handle(app, contract.stopPlan, ({ params, person }) => stopAs({ runtime, person }, params.id))
  handle(app, contract.approvePlan, ({ params, body, person }) => approveAs({ runtime, person }, params.id, body))
  handle(app, contract.planToNotion, ({ params, body, person, reply }) =>
    tellNotionOfPlan({ runtime, person }, access, params.id, body, untilGone(reply)),
  )
  handle(app, contract.makePlanRepository, ({ params, body, person }) => askForRepository({ runtime, person }, params.id, body))
  handle(app, contract.makePlanProject, ({ params, body, person }) => askForProject({ runtime, person }, params.id, body))
  handle(app, contract.dropPlan, async ({ params, person }) => {
    await dropAs({ runtime, person }, params.id)
    return { dropped: true }
  })
}
