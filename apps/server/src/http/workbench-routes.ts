// What answers the workbench's part of the contract.

import { probeModel } from '@slipway/agent/model/probe-model'
import type { Budget } from '@slipway/store/budgets'
import { recentRepositories } from '@slipway/store/session-cards'
import { readKinds } from '@slipway/store/session-facts'
import type { FastifyInstance } from 'fastify'
import { loadState } from '../actions/access.ts'
import type { Person } from '../auth/person.ts'
import { portsFor } from '../auth/ports-for.ts'
import * as contract from '../contract/workbench-routes.ts'
import { openHost } from '../doctor/host.ts'
import { runDoctor } from '../doctor/run-doctor.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { startSample } from '../sample/start-sample.ts'
import { SAFETY_EVENTS, viewSafety } from '../views/safety-view.ts'
import { estimateCost } from '../workbench/estimate-cost.ts'
import { listBranches } from '../workbench/list-branches.ts'
import { modelChoices } from '../workbench/model-choices.ts'
import { readBreakdown } from '../workbench/usage-breakdown.ts'
import { handle } from './handle.ts'

export function addWorkbenchRoutes(app: FastifyInstance, runtime: Runtime): void {
  const { settings, store } = runtime

  handle(app, contract.listRepositories, async ({ query, person }) => {
    const rows = await recentRepositories(store.as(person.ownerId), { ownerId: person.ownerId, limit: query.limit })
    return { repositories: rows.map(({ repositoryUrl, sessions, usedAt }) => ({ url: repositoryUrl, sessions, usedAt })) }
  })
  handle(app, contract.listBranches, ({ query, person }) => listBranches(runtime, person, query.repository))
  handle(app, contract.listModelChoices, async ({ person }) => ({ models: await modelChoices(settings, await usedModels(person)) }))
  handle(app, contract.checkModel, async ({ body }) => {
    const probe = await probeModel(settings.models, body.model)
    return { isOk: probe.ok, message: probe.message }
  })
  handle(app, contract.startSample, async ({ person }) => {
    const sample = await startSample({ ...portsFor(runtime, person), settings }, { model: null, wake: 'now' })
    return { id: sample.sessionId, model: sample.model, isScripted: sample.model.startsWith('scripted/') }
  })
  handle(app, contract.estimateCost, ({ query, person }) => estimateCost(store.as(person.ownerId), query.model))
  handle(app, contract.showDoctor, async ({ person }) => {
    if (person.role !== 'administrator') throw new SlipwayError('forbidden', 'Only administrators see what the machine lacks.')
    return runDoctor({
      settings: { ok: true, settings },
      host: openHost(process.env['PATH'] ?? ''),
      selfTest: () => runtime.sandboxes.selfTests(),
      isListening: true,
    })
  })
  handle(app, contract.usageBreakdown, ({ query, person }) => readBreakdown(store.as(person.ownerId), query.days))
  handle(app, contract.listBudgets, ({ person }) => budgetsOf(person))
  handle(app, contract.setBudget, async ({ body, person }) => {
    const { period, limitUsd } = body
    const limitMicros = limitUsd === null ? null : Math.round(limitUsd * 1_000_000)
    await store.budgets.setLimit({ scope: 'owner', scopeId: person.ownerId, period, limitMicros })
    return budgetsOf(person)
  })
  handle(app, contract.sessionSafety, async ({ params, person }) => {
    const { state } = await loadState(portsFor(runtime, person), params.id)
    const events = await readKinds(store.as(person.ownerId), { sessionId: params.id, types: SAFETY_EVENTS })
    return viewSafety(settings, state, events)
  })

  async function usedModels({ ownerId }: Person): Promise<string[]> {
    const { rows } = await store.as(ownerId).query<{ model: string | null }>(
      `select e.body -> 'roles' -> 'code' ->> 'model' as model from (select id from sessions order by created_at desc limit 50) s
       join events e on e.session_id = s.id and e.seq = 1`,
    )
    return rows.flatMap(({ model }) => (model === null || model.startsWith('scripted/') ? [] : [model]))
  }

  async function budgetsOf(person: Person): Promise<{ budgets: Pick<Budget, 'scope' | 'period' | 'limitMicros' | 'spentMicros'>[] }> {
    const all = await store.budgets.list()
    return {
      budgets: all.filter(({ scope, scopeId }) => (scope === 'owner' ? scopeId === person.ownerId : person.role === 'administrator')),
    }
  }
}
