// What the double of Vercel remembers, and what a test may do to it.

import { randomBytes } from 'node:crypto'

export type State = 'QUEUED' | 'INITIALIZING' | 'BUILDING' | 'READY' | 'ERROR' | 'CANCELED'

export interface DoubleProject {
  id: string
  name: string
  /** Tokens that see it. */
  tokens: Set<string>
  /** null: the account's own. */
  teamId: string | null
  link: { type: 'github' | 'gitlab'; slug: string; repositoryId: string; productionBranch: string } | null
  productionId: string | null
}

interface DoubleTeam {
  id: string
  slug: string
  name: string
  tokens: Set<string>
}

export interface DoubleDeployment {
  id: string
  projectId: string
  state: State
  target: 'production' | null
  sha: string
  branch: string
  meta: Record<string, string>
  createdMs: number
  problem: string | null
  log: { type: string; text: string; created: number; level?: string }[]
  /** It was production once, or is. */
  wasProduction: boolean
}

/** What goes wrong with the requests whose method and path match: before it is carried out, or with its answer afterwards. */
export interface DoubleFault {
  method: string
  path: RegExp
  times: number
  kind: 'status' | 'lost-answer' | 'silence' | 'cut'
  /** Happens before the answer is sent or lost. */
  meanwhile?: () => Promise<void>
  status?: number
  headers?: Record<string, string>
}

export interface SeenRequest {
  method: string
  path: string
  query: Record<string, string>
  body: unknown
  /** Left out: nothing was carried out. */
  answer?: { status: number; body: unknown }
}

export interface VercelState {
  users: Map<string, { id: string; name: string; defaultTeamId: string | null }>
  teams: DoubleTeam[]
  projects: DoubleProject[]
  deployments: DoubleDeployment[]
  /** Owners of repositories whose forge account has not let Vercel's app in. */
  withoutApp: Set<string>
  faults: DoubleFault[]
  requests: SeenRequest[]
  nowMs: number
}

export const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`

export function deploymentBody(state: VercelState, deployment: DoubleDeployment): Record<string, unknown> {
  const project = state.projects.find(({ id }) => id === deployment.projectId)
  return {
    id: deployment.id,
    name: project?.name,
    projectId: deployment.projectId,
    url: `${project?.name}-${deployment.id.slice(-9)}.vercel.example`,
    readyState: deployment.state,
    status: deployment.state,
    target: deployment.target,
    inspectorUrl: `https://vercel.example/team/${project?.name}/${deployment.id}`,
    createdAt: deployment.createdMs,
    meta: { ...gitMeta(project, deployment), ...deployment.meta },
    ...(deployment.problem !== null && { errorCode: 'BUILD_FAILED', errorMessage: deployment.problem }),
  }
}

/** Lists use other names for the same. */
export function listedDeployment(state: VercelState, deployment: DoubleDeployment): Record<string, unknown> {
  const { id, readyState, status: _, createdAt, ...rest } = deploymentBody(state, deployment)
  const project = state.projects.find((one) => one.id === deployment.projectId)
  const isRollbackCandidate = deployment.wasProduction && project?.productionId !== deployment.id && deployment.state === 'READY'
  return { ...rest, uid: id, state: readyState, created: createdAt, createdAt, type: 'LAMBDAS', isRollbackCandidate }
}

export function projectBody({ id, name, teamId, link, productionId }: DoubleProject): Record<string, unknown> {
  return {
    id,
    name,
    accountId: teamId ?? 'usr_double',
    framework: null,
    ...(link !== null && { link: linkBody(link) }),
    targets: productionId === null ? {} : { production: { id: productionId } },
  }
}

function linkBody({ type, slug, repositoryId, productionBranch }: NonNullable<DoubleProject['link']>): Record<string, unknown> {
  const common = { type, productionBranch, deployHooks: [], gitCredentialId: 'cred_double' }
  if (type === 'gitlab')
    return { ...common, projectId: repositoryId, projectNameWithNamespace: namesOf(slug), projectUrl: `https://gitlab.example/${slug}` }
  const [org, repo] = slug.split('/')
  return { ...common, org, repo, repoId: Number(repositoryId) }
}

/** As people read them, which is not how they stand in addresses. */
function namesOf(slug: string): string {
  return slug
    .split('/')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join(' / ')
}

function gitMeta(project: DoubleProject | undefined, { sha, branch }: DoubleDeployment): Record<string, string> {
  const prefix = project?.link?.type ?? 'github'
  return { [`${prefix}CommitSha`]: sha, [`${prefix}CommitRef`]: branch }
}
