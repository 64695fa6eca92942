// A person's yes to a new repository, bound to what they were shown.

import { changePlanAndWrite } from '@slipway/store/plans'
import { z } from 'zod'
import type { Plan } from '../contract/plan-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { describeNewRepository, makersOf } from './new-repository.ts'
import { insist, planOf, type PlanParty, showPlan } from './plan-service.ts'
import { newRepositorySchema } from './plan-shapes.ts'
import { readPlan } from './read-plan.ts'

/** `vercel`: the account that was shown. */
export const repositoryPayload = z.object({
  planId: z.string(),
  hash: z.string(),
  wanted: newRepositorySchema,
  vercel: z.string().nullable().default(null),
})
export const repositoryWrite = 'plan-repository'

/** Throws SlipwayError when the proposal is not the one that was shown. */
export async function askForRepository(party: PlanParty, id: string, body: { version: number; effectHash: string }): Promise<Plan> {
  const { runtime, person } = party
  const plan = await planOf(runtime.store.as(person.ownerId), id)
  const { newRepository: wanted } = readPlan(plan)
  if (wanted === null) throw new SlipwayError('conflict', 'The plan proposes no new repository.')
  const makers = await makersOf(runtime.accounts, person.ownerId, wanted)
  const { hash } = describeNewRepository(id, wanted, makers)
  if (hash !== body.effectHash)
    throw new SlipwayError('conflict', 'The repository is not proposed as it was shown any more. Look at it again, then decide.')
  const payload: z.infer<typeof repositoryPayload> = { planId: id, hash, wanted, vercel: makers.vercel }
  const writes = [{ key: `plan-repository ${id} ${hash}`, kind: repositoryWrite, payload }]
  const set = { repositoryAsked: hash }
  insist(await changePlanAndWrite(runtime.store.database.pool, { id, ownerId: person.ownerId, version: body.version, set, writes }))
  return showPlan(party, id)
}
