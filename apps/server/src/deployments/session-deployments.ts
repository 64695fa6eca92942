// What a person sees of a session's deployments, and what happens when they promote, roll back or cancel.

import type { VercelFailure } from '@slipway/connectors/vercel/vercel-failure'
import type { VercelDeployment, VercelProject } from '@slipway/connectors/vercel/vercel-shapes'
import { createDeployments, listDeployments, type DeploymentRow } from '@slipway/store/deployments'
import type { z } from 'zod'
import type { Asker } from '../actions/access.ts'
import type { showDeployments } from '../contract/deployment-routes.ts'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import { openDeployer, type Deployer } from './deployer.ts'
import { tell, type FollowNeeds } from './follow-deployments.ts'
import { describeChange, type ProductionChange } from './production.ts'

export type DeploymentsView = z.infer<(typeof showDeployments)['answer']>

export interface DeploymentsOf {
  person: Asker
  sessionId: string
}

const DEADLINE_MS = 8_000
const MOST_PREVIOUS = 5

/** Throws when the session is not the person's. */
export async function viewDeployments(needs: FollowNeeds, { person, sessionId }: DeploymentsOf): Promise<DeploymentsView> {
  const rows = await rowsOf(needs, { person, sessionId })
  const deployments = rows.map(viewRow)
  const project = rows.find(({ projectId }) => projectId !== null)?.projectId ?? null
  if (project === null) return { deployments, production: null, problem: null }
  const read = await readProduction(needs, person, project)
  if (!read.ok) return { deployments, production: null, problem: read.message }
  return { deployments, production: read.value === null ? null : viewProduction(rows, read.value), problem: null }
}

/** The call is the approval: refused when what would happen is not what was shown. Returns once the deployer was asked. */
export async function changeProduction(
  needs: FollowNeeds,
  {
    person,
    sessionId,
    deploymentId,
    effectHash,
    change,
  }: DeploymentsOf & { deploymentId: string; effectHash: string; change: ProductionChange },
): Promise<void> {
  const rows = await rowsOf(needs, { person, sessionId })
  const first = rows.find(({ projectId }) => projectId !== null)
  if (first?.projectId === null || first === undefined)
    throw new SlipwayError('not-found', 'Nothing of this session is deployed yet, so there is nothing to show in production.')
  const read = await readProduction(needs, person, first.projectId)
  if (!read.ok) throw asError(read)
  if (read.value === null) throw new SlipwayError('not-configured', notConnected)
  const { deployer, project, candidates } = read.value
  const deployment =
    change === 'promote'
      ? promotable(rows, project).find((row) => row.deploymentId === deploymentId && row)
      : candidates.find(({ id }) => id === deploymentId)
  if (deployment === undefined)
    throw new SlipwayError('not-found', 'This deployment cannot be shown in production. Look at the session’s deployments again.')
  const target = toTarget(deployment)
  if (describeChange(change, { project, deployment: target }).hash !== effectHash)
    throw new SlipwayError('conflict', 'Production has changed since this was shown to you. Look at it again, then decide.')
  await ask(needs, { sessionId, first, project, deployer, change, target })
}

export async function cancelDeployment(
  needs: FollowNeeds,
  { person, sessionId, deploymentId }: DeploymentsOf & { deploymentId: string },
): Promise<void> {
  const rows = await rowsOf(needs, { person, sessionId })
  if (!rows.some((row) => row.deploymentId === deploymentId && row.target === 'preview'))
    throw new SlipwayError('not-found', 'This session has no such deployment.')
  const deployer = await openDeployer(partsOf(needs), person.ownerId)
  if (deployer === null) throw new SlipwayError('not-configured', notConnected)
  const canceled = await deployer.client.cancel(deploymentId, AbortSignal.timeout(DEADLINE_MS))
  await createDeployments(needs.store.database.pool).hurry({ sessionId, deploymentId })
  if (!canceled.ok && !canceled.isAnswerLost) throw asError(canceled)
}

const notConnected = 'No Vercel account is connected. Connect one in Settings → Connections.'

interface Target {
  id: string
  sha: string | null
  url: string | null
}

/** First what is meant, then the call: when this process dies in between, whoever follows looks at what production shows. */
async function ask(
  needs: FollowNeeds,
  input: { sessionId: string; first: DeploymentRow; project: VercelProject; deployer: Deployer; change: ProductionChange; target: Target },
): Promise<void> {
  const { sessionId, first, project, deployer, change, target } = input
  const deployments = createDeployments(needs.store.database.pool)
  const { ownerId, repositoryUrl, branch } = first
  const row = {
    ...{ sessionId, ownerId, repositoryUrl, branch },
    key: `production ${needs.ports.ids.next()}`,
    oid: target.sha ?? '',
    target: 'production' as const,
    projectId: project.id,
    projectName: project.name,
    deploymentId: target.id,
    state: change === 'promote' ? 'PROMOTING' : 'ROLLING BACK',
    url: target.url,
  }
  await deployments.request(row)
  await tell(needs, { ...row, askedAt: '', orderedAt: null, inspectorUrl: null, problem: null, looks: 0, endedAt: null }, {}, null)
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const { client } = deployer
  const asked =
    change === 'promote'
      ? await client.promote({ projectId: project.id, deploymentId: target.id }, signal)
      : await client.rollBack({ projectId: project.id, deploymentId: target.id, reason: 'asked for in Slipway' }, signal)
  if (!asked.ok && !asked.isAnswerLost) {
    await deployments.refuse({ sessionId, key: row.key, problem: asked.message })
    await tell(
      needs,
      { ...row, askedAt: '', orderedAt: null, inspectorUrl: null, problem: null, looks: 0, endedAt: null },
      { state: 'ERROR', problem: asked.message },
      null,
    )
    throw asError(asked)
  }
  await deployments.hurry({ sessionId, deploymentId: target.id })
}

type Production = { deployer: Deployer; project: VercelProject; candidates: VercelDeployment[] }

async function readProduction(
  needs: FollowNeeds,
  person: Asker,
  projectId: string,
): Promise<{ ok: true; value: Production | null } | VercelFailure> {
  const deployer = await openDeployer(partsOf(needs), person.ownerId)
  if (deployer === null) return { ok: true, value: null }
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const [project, candidates] = await Promise.all([
    deployer.client.getProject(projectId, signal),
    deployer.client.listDeployments({ projectId, target: 'production', rollbackCandidates: true }, signal),
  ])
  if (!project.ok) return project
  if (!candidates.ok) return candidates
  const earlier = candidates.value.filter(({ id, isRollbackCandidate }) => isRollbackCandidate && id !== project.value.productionId)
  return { ok: true, value: { deployer, project: project.value, candidates: earlier } }
}

async function rowsOf({ store }: FollowNeeds, { person, sessionId }: DeploymentsOf): Promise<DeploymentRow[]> {
  const mine = store.as(person.ownerId)
  if ((await mine.sessions.get(sessionId)) === null) throw unknownSession(sessionId)
  return listDeployments(mine, sessionId)
}

const promotable = (rows: DeploymentRow[], project: VercelProject): (DeploymentRow & { deploymentId: string })[] =>
  rows.filter(
    (row): row is DeploymentRow & { deploymentId: string } =>
      row.target === 'preview' && row.state === 'READY' && row.deploymentId !== null && row.deploymentId !== project.productionId,
  )

function toTarget(given: DeploymentRow | VercelDeployment): Target {
  return 'sessionId' in given
    ? { id: given.deploymentId ?? '', sha: given.oid, url: given.url }
    : { id: given.id, sha: given.sha, url: given.url }
}

function viewProduction(rows: DeploymentRow[], { project, candidates }: Production): DeploymentsView['production'] {
  return {
    project: project.name,
    currentId: project.productionId,
    promotable: promotable(rows, project).map((row) => ({
      id: row.deploymentId,
      oid: row.oid,
      effect: describeChange('promote', { project, deployment: toTarget(row) }),
    })),
    previous: candidates.slice(0, MOST_PREVIOUS).map((one) => ({
      id: one.id,
      oid: one.sha,
      url: one.url,
      at: new Date(one.createdMs).toISOString(),
      effect: describeChange('rollback', { project, deployment: toTarget(one) }),
    })),
  }
}

function viewRow(row: DeploymentRow): DeploymentsView['deployments'][number] {
  const { deploymentId: id, target, state, oid, url, inspectorUrl, problem, askedAt, endedAt } = row
  return { id, target, state, isOver: endedAt !== null, oid, url, inspectorUrl, problem, askedAt }
}

const partsOf = ({ accounts, settings, ports }: FollowNeeds) => ({ accounts, settings, nowMs: () => ports.clock.now() })

function asError({ problem, message }: VercelFailure): SlipwayError {
  if (problem === 'network' || problem === 'rate-limit') return new SlipwayError('not-ready', message)
  return new SlipwayError(problem === 'not-found' ? 'not-found' : 'conflict', message)
}
