// Makes a project at Vercel that deploys a repository, at most once: looks first, asks once, and looks again when the answer is lost.

import type { VercelClient } from './vercel-client.ts'
import type { VercelFailure } from './vercel-failure.ts'
import type { VercelProject } from './vercel-shapes.ts'

export interface LinkedRepository {
  type: 'github' | 'gitlab'
  slug: string
  /** Of its page; the slug may be only the end of its path. */
  url: string
}

export type LinkedProject = { ok: true; project: VercelProject; alreadyThere: boolean } | VercelFailure

/** One that is linked to the repository already is taken for ours, whatever it is called; a foreign one of that name is left alone. */
export async function linkProject(
  client: VercelClient,
  wanted: { name: string; repository: LinkedRepository },
  signal: AbortSignal,
): Promise<LinkedProject> {
  const before = await look(client, wanted, signal)
  if (!before.ok) return before
  if (before.project !== null) return { ok: true, project: before.project, alreadyThere: true }
  const created = await client.createProject(wanted, signal)
  if (created.ok && created.value.link !== null) return { ok: true, project: created.value, alreadyThere: false }
  if (!created.ok && !created.isAnswerLost && created.problem !== 'conflict') return withAdvice(created, wanted.repository)
  const after = await look(client, wanted, signal)
  if (!after.ok) return after
  if (after.project !== null) return { ok: true, project: after.project, alreadyThere: true }
  if (created.ok || created.problem === 'conflict') return taken(wanted.name, 'it does not say what to')
  return created
}

/** null: there is none, and the name is free. */
async function look(
  client: VercelClient,
  { name, repository }: { name: string; repository: LinkedRepository },
  signal: AbortSignal,
): Promise<{ ok: true; project: VercelProject | null } | VercelFailure> {
  const listed = await client.listProjects({ repositoryUrl: repository.url, cursor: null }, signal)
  if (!listed.ok) return listed
  const linked = listed.value.projects.find((project) => isLinked(project, repository))
  if (linked !== undefined) return { ok: true, project: linked }
  const named = await client.getProject(name, signal)
  if (!named.ok) return named.problem === 'not-found' ? { ok: true, project: null } : named
  if (isLinked(named.value, repository)) return { ok: true, project: named.value }
  const { link } = named.value
  return taken(name, link === null ? 'no repository is linked to it' : `it is linked to ${link.slug ?? 'another repository'}`)
}

function isLinked({ link }: VercelProject, { type, slug, url }: LinkedRepository): boolean {
  const linked = link?.slug?.toLowerCase()
  const path = new URL(url).pathname.replace(/^\/|\/$/g, '')
  return link?.type === type && linked !== undefined && [slug.toLowerCase(), path.toLowerCase()].includes(linked)
}

function taken(name: string, why: string): VercelFailure {
  const message = `Vercel has a project ${name} already, and ${why}. Choose another name; or link it to the repository on Vercel, then try again.`
  return { ok: false, problem: 'conflict', message, retryAfterMs: null, isAnswerLost: false }
}

/**
 * Vercel refuses a repository that its own app cannot see with 400 "To link a GitHub repository, you need to install the GitHub
 * integration first", under codes that change.
 */
function withAdvice(failure: VercelFailure, { type, slug }: LinkedRepository): VercelFailure {
  if (failure.problem !== 'refused') return failure
  const way =
    type === 'github'
      ? `let its app (https://github.com/apps/vercel) see ${slug}`
      : `connect your GitLab account there, and let it see ${slug}`
  return { ...failure, message: `${failure.message.replace(/\.?$/, '.')} If Vercel does not see the repository, ${way}; then try again.` }
}
