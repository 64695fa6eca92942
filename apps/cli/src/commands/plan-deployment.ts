// slipway plan deployment: the project at Vercel that could not be made together with its repository.

import { changePlan, makePlanProject } from '@slipway/server/contract/plan-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { callApi } from '../call-api.ts'
import type { ExitCode } from '../exit-codes.ts'
import { showEffect } from '../render/show-effect.ts'
import { settingsOrThrow } from '../with-runtime.ts'
import { findPlan, type Shown, tellPlan } from './plan.ts'

export interface DeploymentOptions extends Shown {
  project?: string
  leaveOut?: boolean
  yes?: string
}

/** Shows first; makes it only for the hash of exactly what was shown. */
export async function makeDeploymentFor(id: string, options: DeploymentOptions): Promise<ExitCode> {
  const settings = await settingsOrThrow()
  const before = await findPlan(id)
  const change = (vercelProject: string | null) => callApi(settings, changePlan, { id, body: { version: before.version, vercelProject } })
  if (options.leaveOut) return tellPlan(await change(null), options)
  const isOther = options.project !== undefined && options.project !== before.deployment?.project
  const plan = isOther ? await change(options.project ?? null) : before
  const effect = plan.deployment?.effect ?? null
  if (effect === null) {
    const there = plan.deployment === null ? 'wants no project at Vercel' : `has its project ${plan.deployment.project} at Vercel already`
    throw new SlipwayError('conflict', `The plan ${there}. \`slipway plan show ${id}\` tells how it stands.`)
  }
  if (options.yes !== effect.hash.slice(0, 12)) return showEffect(effect)
  return tellPlan(await callApi(settings, makePlanProject, { id, body: { version: plan.version, effectHash: effect.hash } }), options)
}
