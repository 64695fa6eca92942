// One look at where a pushed commit is deployed, or at a request for production: what is new, and when to look again.

import type { VercelFailure } from '@slipway/connectors/vercel/vercel-failure'
import type { VercelDeployment, VercelProject } from '@slipway/connectors/vercel/vercel-shapes'
import type { DeploymentFacts, DeploymentRow } from '@slipway/store/deployments'
import { findProject, openDeployer, type Deployer, type DeployerNeeds } from './deployer.ts'

export interface LookNeeds extends DeployerNeeds {
  /** Keeps that a deployment is about to be asked for: whoever comes after a death asks for no second one. */
  intend(orderedAt: string): Promise<void>
}

export interface Look {
  facts: DeploymentFacts
  /** Milliseconds until the next look; null: there is nothing more to see. */
  nextMs: number | null
  /** The end of its log, when it failed. */
  log: string | null
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
/** Vercel's own git integration deploys pushed commits; it is given this long before it is asked to. */
const OWN_WAY_MS = 15 * SECOND
/** A deployment that was asked for is in the list by then. */
const LISTED_MS = MINUTE
const LONGEST_BUILD_MS = 45 * MINUTE
const LONGEST_PROMOTION_MS = 5 * MINUTE
const DAY_MS = 24 * 60 * MINUTE
const LOG_LINES = 60
const LOG_CHARS = 4_000

/** Makes at most one call that changes something: a preview that nobody else has made, looked for first. */
export async function lookAtDeployment(needs: LookNeeds, row: DeploymentRow, signal: AbortSignal): Promise<Look> {
  const ageMs = needs.nowMs() - Date.parse(row.askedAt)
  const deployer = await openDeployer(needs, row.ownerId)
  // An account may be connected, or a project linked, a little later.
  if (deployer === null) return nothingYet(ageMs)
  if (row.target === 'production') return lookAtProduction(needs, deployer, row, signal)
  const found = await projectOf(deployer, row, signal)
  if (!found.ok) return later(found)
  if (found.project === null) return nothingYet(ageMs)
  const known = { projectId: found.project.id, projectName: found.project.name }
  const listed = await deployer.client.listDeployments({ projectId: found.project.id, sha: row.oid }, signal)
  if (!listed.ok) return later(listed, known)
  const deployment = listed.value.find((one) => !one.isProduction) ?? null
  if (deployment !== null) return seen(deployer, { row, known, deployment, ageMs }, signal)
  return order(needs, deployer, { row, project: found.project, ageMs }, signal)
}

/** What a failure of a write means for the row: words now, another look where that may help. */
export function later(failure: VercelFailure, facts: DeploymentFacts = {}): Look {
  const waits: Record<VercelFailure['problem'], number | null> = {
    auth: MINUTE,
    forbidden: null,
    'not-found': null,
    refused: null,
    payment: null,
    conflict: 15 * SECOND,
    network: 15 * SECOND,
    'rate-limit': failure.retryAfterMs ?? MINUTE,
  }
  const nextMs = waits[failure.problem]
  return { facts: { ...facts, problem: failure.message, ...(nextMs === null && { state: 'ERROR' }) }, nextMs, log: null }
}

function nothingYet(ageMs: number): Look {
  return { facts: {}, nextMs: ageMs > DAY_MS ? null : ageMs > 10 * MINUTE ? 10 * MINUTE : 30 * SECOND, log: null }
}

async function projectOf(
  deployer: Deployer,
  { projectId, repositoryUrl }: DeploymentRow,
  signal: AbortSignal,
): Promise<{ ok: true; project: VercelProject | null } | VercelFailure> {
  if (projectId === null) return findProject(deployer, repositoryUrl, signal)
  const got = await deployer.client.getProject(projectId, signal)
  return got.ok ? { ok: true, project: got.value } : got
}

/** Asked for once: a row that says so waits for the list. */
async function order(
  needs: LookNeeds,
  { client }: Deployer,
  { row, project, ageMs }: { row: DeploymentRow; project: VercelProject; ageMs: number },
  signal: AbortSignal,
): Promise<Look> {
  const known: DeploymentFacts = { projectId: project.id, projectName: project.name, problem: null }
  if (row.orderedAt !== null) {
    const isLost = needs.nowMs() - Date.parse(row.orderedAt) > LISTED_MS
    if (!isLost) return { facts: known, nextMs: 5 * SECOND, log: null }
    const problem = `${project.name} on Vercel shows no deployment of ${row.oid.slice(0, 10)}, although one was asked for. Push again, or deploy it on Vercel.`
    return { facts: { ...known, state: 'ERROR', problem }, nextMs: null, log: null }
  }
  if (ageMs < OWN_WAY_MS) return { facts: known, nextMs: 3 * SECOND, log: null }
  const { link } = project
  if (link === null || link.repositoryId === null || (link.type !== 'github' && link.type !== 'gitlab')) {
    const problem = `${project.name} on Vercel does not say which repository it is linked to, so nothing can be deployed to it from here.`
    return { facts: { ...known, state: 'ERROR', problem }, nextMs: null, log: null }
  }
  const source = { type: link.type, repositoryId: link.repositoryId, branch: row.branch, sha: row.oid } as const
  const orderedAt = new Date(needs.nowMs()).toISOString()
  await needs.intend(orderedAt)
  const made = await client.createPreview({ project, source, meta: { slipwaySession: row.sessionId, slipwayCommit: row.oid } }, signal)
  if (made.ok) return { facts: { ...known, ...factsOf(made.value), orderedAt }, nextMs: 3 * SECOND, log: null }
  return made.isAnswerLost ? { facts: { ...known, orderedAt }, nextMs: 5 * SECOND, log: null } : later(made, { ...known, orderedAt: null })
}

async function seen(
  { client }: Deployer,
  { row, known, deployment, ageMs }: { row: DeploymentRow; known: DeploymentFacts; deployment: VercelDeployment; ageMs: number },
  signal: AbortSignal,
): Promise<Look> {
  const facts = { ...known, ...factsOf(deployment) }
  if (deployment.state === 'ERROR') return { facts, nextMs: null, log: await endOfLog(client, deployment.id, signal) }
  if (['READY', 'CANCELED', 'DELETED'].includes(deployment.state)) return { facts, nextMs: null, log: null }
  if (ageMs > LONGEST_BUILD_MS) {
    const problem = `Vercel has been building for ${Math.round(ageMs / MINUTE)} minutes; it is not looked at any more.`
    return { facts: { ...facts, problem }, nextMs: null, log: null }
  }
  return { facts, nextMs: row.looks < 60 ? 3 * SECOND : 15 * SECOND, log: null }
}

/** A promotion or rollback is done when the project shows the deployment. */
async function lookAtProduction({ nowMs }: DeployerNeeds, { client }: Deployer, row: DeploymentRow, signal: AbortSignal): Promise<Look> {
  const project = await client.getProject(row.projectId ?? '', signal)
  if (!project.ok) return later(project)
  if (project.value.productionId === row.deploymentId) return { facts: { state: 'READY', problem: null }, nextMs: null, log: null }
  if (nowMs() - Date.parse(row.askedAt) < LONGEST_PROMOTION_MS) return { facts: {}, nextMs: 2 * SECOND, log: null }
  const problem = `Production of ${row.projectName ?? 'the project'} still shows another deployment after ${LONGEST_PROMOTION_MS / MINUTE} minutes. Look at the project on Vercel, then try again.`
  return { facts: { state: 'ERROR', problem }, nextMs: null, log: null }
}

function factsOf({ id, state, url, inspectorUrl, problem }: VercelDeployment): DeploymentFacts {
  return { deploymentId: id, state, url, inspectorUrl, problem: state === 'ERROR' ? (problem ?? 'The build failed.') : null }
}

async function endOfLog(client: Deployer['client'], id: string, signal: AbortSignal): Promise<string | null> {
  const log = await client.readLog({ id, limit: LOG_LINES }, signal)
  if (!log.ok || log.value.length === 0) return null
  return log.value
    .map(({ text }) => text)
    .join('\n')
    .slice(-LOG_CHARS)
}
