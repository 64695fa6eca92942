// Vercel's API as the few typed calls that Slipway makes. Each write is made once; whoever repeats one looks first.

import type { VercelResult } from './vercel-failure.ts'
import {
  anyShape,
  deploymentListShape,
  deploymentShape,
  eventListShape,
  type LogLine,
  projectListShape,
  projectShape,
  teamListShape,
  userShape,
  type VercelDeployment,
  type VercelProject,
  type VercelTeam,
} from './vercel-shapes.ts'
import { openVercelTransport, type VercelAccess } from './vercel-transport.ts'

/** Where Vercel fetches the code from. `repositoryId` as the project's link has it. */
export interface GitSource {
  type: 'github' | 'gitlab'
  repositoryId: string
  branch: string
  sha: string
}

export interface VercelClient {
  self(signal: AbortSignal): Promise<VercelResult<{ id: string; name: string; teamId: string | null }>>
  /** Those that the token reaches, at most a hundred. */
  listTeams(signal: AbortSignal): Promise<VercelResult<VercelTeam[]>>
  /** `repositoryUrl`: only those linked to it. */
  listProjects(
    input: { search?: string; repositoryUrl?: string; cursor: string | null },
    signal: AbortSignal,
  ): Promise<VercelResult<{ projects: VercelProject[]; next: string | null }>>
  getProject(idOrName: string, signal: AbortSignal): Promise<VercelResult<VercelProject>>
  createProject(
    input: { name: string; repository: { type: 'github' | 'gitlab'; slug: string } | null },
    signal: AbortSignal,
  ): Promise<VercelResult<VercelProject>>
  /** Newest first, at most 50. */
  listDeployments(
    input: { projectId: string; sha?: string; branch?: string; target?: 'production' | 'preview'; rollbackCandidates?: boolean },
    signal: AbortSignal,
  ): Promise<VercelResult<VercelDeployment[]>>
  getDeployment(id: string, signal: AbortSignal): Promise<VercelResult<VercelDeployment>>
  /** The last lines of the build, oldest first. */
  readLog(input: { id: string; limit: number }, signal: AbortSignal): Promise<VercelResult<LogLine[]>>
  /** A preview of a commit. `meta` comes back with it, so that it can be found again when the answer was lost. */
  createPreview(
    input: { project: VercelProject; source: GitSource; meta: Record<string, string> },
    signal: AbortSignal,
  ): Promise<VercelResult<VercelDeployment>>
  cancel(id: string, signal: AbortSignal): Promise<VercelResult<VercelDeployment>>
  /** Makes a deployment what production shows. Done some seconds later: `getProject` tells. Asking twice changes nothing. */
  promote(input: { projectId: string; deploymentId: string }, signal: AbortSignal): Promise<VercelResult<null>>
  /** Back to an earlier production deployment, at once and without a build. */
  rollBack(input: { projectId: string; deploymentId: string; reason: string }, signal: AbortSignal): Promise<VercelResult<null>>
}

const pageSize = 50
const mostTeams = 100

export function createVercelClient(access: VercelAccess): VercelClient {
  const send = openVercelTransport(access)
  const inPath = encodeURIComponent
  return {
    self: (signal) =>
      send({ doing: 'Asking Vercel whose token this is', method: 'GET', path: '/v2/user', isOfAccount: true, shape: userShape, signal }),

    listTeams: (signal) =>
      send({
        doing: 'Listing the teams on Vercel',
        method: 'GET',
        path: '/v2/teams',
        query: { limit: mostTeams },
        isOfAccount: true,
        shape: teamListShape,
        signal,
      }),

    listProjects: ({ search, repositoryUrl, cursor }, signal) =>
      send({
        doing: 'Listing the projects on Vercel',
        method: 'GET',
        path: '/v10/projects',
        query: { limit: pageSize, search, repoUrl: repositoryUrl, from: cursor ?? undefined },
        shape: projectListShape,
        signal,
      }),

    getProject: (idOrName, signal) =>
      send({
        doing: `Looking up the project ${idOrName}`,
        method: 'GET',
        path: `/v9/projects/${inPath(idOrName)}`,
        shape: projectShape,
        signal,
      }),

    createProject: ({ name, repository }, signal) =>
      send({
        doing: `Creating the project ${name}`,
        method: 'POST',
        path: '/v11/projects',
        body: { name, ...(repository !== null && { gitRepository: { type: repository.type, repo: repository.slug } }) },
        shape: projectShape,
        signal,
      }),

    listDeployments: ({ projectId, sha, branch, target, rollbackCandidates }, signal) =>
      send({
        doing: 'Listing the deployments',
        method: 'GET',
        path: '/v6/deployments',
        query: { projectId, sha, branch, target, rollbackCandidate: rollbackCandidates ? 'true' : undefined, limit: pageSize },
        shape: deploymentListShape,
        signal,
      }),

    getDeployment: (id, signal) =>
      send({ doing: 'Reading the deployment', method: 'GET', path: `/v13/deployments/${inPath(id)}`, shape: deploymentShape, signal }),

    async readLog({ id, limit }, signal) {
      const path = `/v3/deployments/${inPath(id)}/events`
      const query = { direction: 'backward', limit, builds: 1, follow: 0 }
      const result = await send({ doing: 'Reading the log of the deployment', method: 'GET', path, query, shape: eventListShape, signal })
      return result.ok ? { ok: true, value: result.value.toSorted((a, b) => a.at - b.at) } : result
    },

    createPreview: ({ project, source, meta }, signal) =>
      send({
        doing: `Deploying ${source.sha.slice(0, 10)} to a preview of ${project.name}`,
        method: 'POST',
        path: '/v13/deployments',
        query: { skipAutoDetectionConfirmation: 1 },
        body: { name: project.name, project: project.id, gitSource: sourceOf(source), meta },
        shape: deploymentShape,
        signal,
      }),

    cancel: (id, signal) =>
      send({
        doing: 'Cancelling the deployment',
        method: 'PATCH',
        path: `/v12/deployments/${inPath(id)}/cancel`,
        shape: deploymentShape,
        signal,
      }),

    promote: ({ projectId, deploymentId }, signal) =>
      send({
        doing: 'Promoting the deployment to production',
        method: 'POST',
        path: `/v10/projects/${inPath(projectId)}/promote/${inPath(deploymentId)}`,
        shape: anyShape,
        signal,
      }),

    rollBack: ({ projectId, deploymentId, reason }, signal) =>
      send({
        doing: 'Rolling production back',
        method: 'POST',
        path: `/v9/projects/${inPath(projectId)}/rollback/${inPath(deploymentId)}`,
        query: { description: reason.slice(0, 200) },
        shape: anyShape,
        signal,
      }),
  }
}

function sourceOf({ type, repositoryId, branch: ref, sha }: GitSource): Record<string, string> {
  return type === 'github' ? { type, repoId: repositoryId, ref, sha } : { type, projectId: repositoryId, ref, sha }
}
