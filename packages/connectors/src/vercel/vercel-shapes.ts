// The fields that are read of Vercel's answers. Everything else may be there or not.

import { z } from 'zod'

export type DeploymentState = 'QUEUED' | 'INITIALIZING' | 'BUILDING' | 'READY' | 'ERROR' | 'CANCELED' | 'DELETED'

export interface VercelProject {
  id: string
  name: string
  /** null: no repository is linked to it. */
  link: { type: string; slug: string | null; repositoryId: string | null; productionBranch: string | null } | null
  /** The deployment that production shows now. */
  productionId: string | null
}

export interface VercelDeployment {
  id: string
  /** With `https://`. */
  url: string | null
  state: DeploymentState
  isProduction: boolean
  /** Of the page that shows its log. */
  inspectorUrl: string | null
  problem: string | null
  createdMs: number
  /** What was deployed, as Vercel keeps it of a git source or of what the caller said. */
  sha: string | null
  branch: string | null
  meta: Record<string, string>
  isRollbackCandidate: boolean
}

const text = z.string().nullish()
const identifier = z.union([z.string(), z.number()]).nullish()

const linkShape = z
  .object({
    type: z.string(),
    org: text,
    repo: text,
    repoId: identifier,
    projectNameWithNamespace: text,
    projectUrl: text,
    projectId: identifier,
    productionBranch: text,
  })
  .nullish()
  .transform((link) => {
    if (!link?.type) return null
    const slug = link.org && link.repo ? `${link.org}/${link.repo}` : gitlabSlug(link)
    const repositoryId = link.repoId ?? link.projectId ?? null
    return {
      type: link.type,
      slug,
      repositoryId: repositoryId === null ? null : String(repositoryId),
      productionBranch: link.productionBranch ?? null,
    }
  })

/** At GitLab the names of groups are for people and may be others than those in addresses. */
function gitlabSlug(link: { projectUrl?: string | null | undefined; projectNameWithNamespace?: string | null | undefined }): string | null {
  const url = link.projectUrl ? URL.parse(link.projectUrl) : null
  return url?.pathname.replace(/^\/|\/$|\.git$/g, '') || (link.projectNameWithNamespace?.replaceAll(' ', '') ?? null)
}

export const projectShape = z
  .object({
    id: z.string(),
    name: z.string(),
    link: linkShape,
    targets: z.object({ production: z.object({ id: text }).nullish() }).nullish(),
  })
  .transform(({ id, name, link, targets }): VercelProject => ({ id, name, link, productionId: targets?.production?.id ?? null }))

const states = z.enum(['QUEUED', 'INITIALIZING', 'BUILDING', 'READY', 'ERROR', 'CANCELED', 'DELETED'])

/** A single deployment is called `id`, one of a list `uid`; its state has three names. */
export const deploymentShape = z
  .object({
    id: text,
    uid: text,
    url: text,
    readyState: states.nullish(),
    state: states.nullish(),
    status: states.nullish(),
    target: text,
    inspectorUrl: text,
    errorMessage: text,
    created: z.number().nullish(),
    createdAt: z.number().nullish(),
    meta: z.record(z.string(), z.unknown()).nullish(),
    isRollbackCandidate: z.boolean().nullish(),
  })
  .transform((raw, context): VercelDeployment => {
    const id = raw.id ?? raw.uid
    const state = raw.readyState ?? raw.state ?? raw.status
    if (!id || !state) {
      context.addIssue({ code: 'custom', path: [id ? 'readyState' : 'id'], message: 'is missing' })
      return z.NEVER
    }
    const meta = Object.fromEntries(
      Object.entries(raw.meta ?? {}).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    )
    return {
      id,
      url: raw.url ? `https://${raw.url.replace(/^https?:\/\//, '')}` : null,
      state,
      isProduction: raw.target === 'production',
      inspectorUrl: raw.inspectorUrl ?? null,
      problem: raw.errorMessage ?? null,
      createdMs: raw.createdAt ?? raw.created ?? 0,
      sha: meta['githubCommitSha'] ?? meta['gitlabCommitSha'] ?? meta['slipwayCommit'] ?? null,
      branch: meta['githubCommitRef'] ?? meta['gitlabCommitRef'] ?? null,
      meta,
      isRollbackCandidate: raw.isRollbackCandidate ?? false,
    }
  })

const pagination = z.object({ next: z.union([z.string(), z.number()]).nullish() }).nullish()

/** Older answers are the list itself. */
export const projectListShape = z
  .union([
    z.object({ projects: z.array(projectShape), pagination }),
    z.array(projectShape).transform((projects) => ({ projects, pagination: null })),
  ])
  .transform((list) => ({ projects: list.projects, next: list.pagination?.next == null ? null : String(list.pagination.next) }))

export const deploymentListShape = z.object({ deployments: z.array(deploymentShape) }).transform(({ deployments }) => deployments)

export const userShape = z
  .object({ user: z.object({ id: z.string(), username: z.string(), name: text, defaultTeamId: text }) })
  .transform(({ user }) => ({ id: user.id, name: user.name || user.username, teamId: user.defaultTeamId ?? null }))

export interface VercelTeam {
  id: string
  slug: string
  name: string
}

export const teamListShape = z
  .object({ teams: z.array(z.object({ id: z.string(), slug: z.string(), name: text })) })
  .transform(({ teams }) => teams.map(({ id, slug, name }): VercelTeam => ({ id, slug, name: name || slug })))

export interface LogLine {
  at: number
  text: string
  isError: boolean
}

/** The line is in the event or in its payload, by the age of the deployment. */
export const eventListShape = z
  .array(
    z.object({
      type: z.string(),
      created: z.number().nullish(),
      level: text,
      text,
      payload: z.object({ text, date: z.number().nullish() }).nullish(),
    }),
  )
  .nullish()
  .transform((events): LogLine[] =>
    (events ?? []).flatMap(({ type, created, level, text: own, payload }) => {
      const line = own ?? payload?.text
      if (!line || !['stdout', 'stderr', 'command', 'fatal'].includes(type)) return []
      return [{ at: created ?? payload?.date ?? 0, text: line, isError: level === 'error' || type === 'fatal' }]
    }),
  )

/** Calls whose answer says nothing that is used. */
export const anyShape = z.unknown().transform(() => null)
