// What answers the triggers' part of the contract. Through the person's own view of the database.

import type { FastifyInstance } from 'fastify'
import { createTriggers, type Trigger } from '@slipway/store/triggers'
import * as contract from '../contract/trigger-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'

export function addTriggerRoutes(app: FastifyInstance, { store, settings }: Pick<Runtime, 'store' | 'settings'>): void {
  const of = (ownerId: string) => createTriggers(store.as(ownerId))

  handle(app, contract.createTrigger, async ({ body: { budgetUsd, ...body }, person }) => {
    const budgetMicros = budgetUsd === null ? null : Math.round(budgetUsd * 1_000_000)
    const added = await of(person.ownerId).add({ ...body, budgetMicros, ownerId: person.ownerId, personId: person.id })
    if (added === null) throw new SlipwayError('conflict', `${body.slug} is watched already. Delete that trigger first to set it up anew.`)
    return shown(added)
  })

  handle(app, contract.listTriggers, async ({ person }) => ({
    triggers: (await of(person.ownerId).list()).map(shown),
    webhooks: { github: settings.github.webhookSecret !== null, gitlab: settings.gitlab.webhookSecret !== null, path: '/api/webhooks/' },
  }))

  handle(app, contract.changeTrigger, async ({ params, body, person }) => {
    const changed = await of(person.ownerId).setPaused(params.id, body.isPaused)
    if (changed === null) throw unknown(params.id)
    return shown(changed)
  })

  handle(app, contract.deleteTrigger, async ({ params, person }) => {
    if (!(await of(person.ownerId).remove(params.id))) throw unknown(params.id)
    return { deleted: true }
  })
}

function shown({ budgetMicros, ownerId: _, personId: __, ...trigger }: Trigger) {
  return { ...trigger, budgetUsd: budgetMicros === null ? null : budgetMicros / 1_000_000 }
}

function unknown(id: string): SlipwayError {
  return new SlipwayError('not-found', `There is no watched repository ${id.slice(0, 40)}.`)
}
