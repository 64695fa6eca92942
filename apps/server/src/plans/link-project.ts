// Makes the project at Vercel that was approved with a repository, once. Whatever becomes of it, the plan goes on.

import { linkProject } from '@slipway/connectors/vercel/link-project'
import type { VercelFailure } from '@slipway/connectors/vercel/vercel-failure'
import type { OutboxEntry } from '@slipway/store/outbox'
import { getPlan, notePlanNext } from '@slipway/store/plans'
import { openDeployer } from '../deployments/deployer.ts'
import { mostTries, type Written } from '../outbox/run-outbox.ts'
import type { Runtime } from '../runtime.ts'
import type { ProjectLink } from './plan-shapes.ts'
import { deployerName, describeProject, projectPayload } from './project-link.ts'
import { readPlan } from './read-plan.ts'

type LinkRuntime = Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger' | 'accounts'>

const deadlineMs = 45_000

export function projectLinker(runtime: LinkRuntime) {
  const { accounts, settings, ports, logger } = runtime
  const { pool } = runtime.store.database

  return async function link(entry: OutboxEntry, { signal }: { signal: AbortSignal }): Promise<Written> {
    const { planId, hash, asked } = projectPayload.parse(entry.payload)
    const plan = await getPlan(pool, planId)
    const wanted = plan === null || plan.droppedAt !== null ? null : readPlan(plan).projectLink
    if (plan === null || wanted?.asked !== asked || wanted.isLinked)
      return { ok: false, isFinal: true, message: 'The plan does not ask for this project any more.', retryAfterMs: null }
    const note = (change: Partial<ProjectLink>) => notePlanNext(pool, { id: planId, next: { ...wanted, ...change, asked } })
    const giveUp = async (problem: string): Promise<Written> => {
      await note({ problem })
      return { ok: false, isFinal: true, message: problem, retryAfterMs: null }
    }

    const deployer = await openDeployer({ accounts, settings, nowMs: () => ports.clock.now() }, plan.ownerId)
    if (deployer === null) return giveUp('No account at Vercel is connected. Connect one in Settings → Connections, then try again.')
    if (describeProject(planId, wanted, await deployerName(accounts, plan.ownerId)).hash !== hash)
      return giveUp('Another account or team of Vercel is connected now than when it was approved. Look at it again, then try again.')
    const { forge: type, slug, project: name } = wanted
    const repository = { type, slug, url: `${settings[type].url}/${slug}` }
    const until = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
    const linked = await linkProject(deployer.client, { name, repository }, until)
    if (linked.ok) {
      await note({ project: linked.project.name, isLinked: true, problem: null })
      logger.info({ plan: planId, project: linked.project.name }, 'a project at Vercel deploys the new repository')
      return { ok: true, answer: { project: linked.project.name } }
    }
    if (!passes(linked) || entry.attempts >= mostTries) return giveUp(linked.message)
    await note({ problem: `${linked.message} It is tried again by itself.` })
    return { ok: false, isFinal: false, message: linked.message, retryAfterMs: linked.retryAfterMs }
  }
}

function passes({ problem }: VercelFailure): boolean {
  return problem === 'network' || problem === 'rate-limit'
}
