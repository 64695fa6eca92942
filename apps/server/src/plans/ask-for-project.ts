// A person's yes to another try at the project at Vercel, bound to what they were shown.

import { changePlanAndWrite } from '@slipway/store/plans'
import type { Plan } from '../contract/plan-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { insist, planOf, type PlanParty, showPlan } from './plan-service.ts'
import { approvedLink, deployerName, describeProject, openLink } from './project-link.ts'
import { readPlan } from './read-plan.ts'

/** Throws SlipwayError when it is not the one that was shown. */
export async function askForProject(party: PlanParty, id: string, body: { version: number; effectHash: string }): Promise<Plan> {
  const { runtime, person } = party
  const link = openLink(readPlan(await planOf(runtime.store.as(person.ownerId), id)).projectLink)
  const { hash } = describeProject(id, link, await deployerName(runtime.accounts, person.ownerId))
  if (hash !== body.effectHash)
    throw new SlipwayError('conflict', 'The project is not what was shown any more. Look at it again, then decide.')
  const { version } = body
  const approved = approvedLink(id, { link, hash, version })
  const change = { set: { newRepository: approved.link }, writes: [approved.write] }
  insist(await changePlanAndWrite(runtime.store.database.pool, { id, ownerId: person.ownerId, version, ...change }))
  return showPlan(party, id)
}
