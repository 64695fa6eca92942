// The project at Vercel that deploys a repository which was made for a plan.

import type { Accounts } from '@slipway/core/accounts'
import type { EffectDescription } from '@slipway/core/effects'
import { sha256Hex } from '@slipway/core/hash/sha256'
import type { PlanWrite } from '@slipway/store/plans'
import { z } from 'zod'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { ServiceSettings } from '../settings/service-settings.ts'
import type { ProjectLink } from './plan-shapes.ts'

export const projectWrite = 'plan-project'
export const projectPayload = z.object({ planId: z.string(), hash: z.string(), asked: z.string() })

/** `deployer`: the account and team that would make it; another one needs another approval. */
export function describeProject(
  planId: string,
  { slug, forge, project }: Pick<ProjectLink, 'slug' | 'forge' | 'project'>,
  deployer: string | null,
): EffectDescription {
  const details: EffectDescription['details'] = [
    ['project', project],
    ['account', deployer ?? 'not connected'],
    ['repository', `${slug} on ${forge === 'github' ? 'GitHub' : 'GitLab'}`],
  ]
  return {
    kind: 'deploy',
    title: `Make the project ${project} at Vercel that deploys ${slug}`,
    details,
    reason: 'Vercel deploys what is pushed to the repository, and its main branch to production.',
    reversible: 'Only by hand: delete the project at Vercel.',
    hash: sha256Hex(JSON.stringify(['link-project', planId, details])),
  }
}

/** Once for each approval, so that one which is just being given up takes no later one with it. `version`: that it was given on. */
export function approvedLink(planId: string, { link, hash, version }: { link: ProjectLink; hash: string; version: number }) {
  const asked = `${hash} ${version}`
  const payload: z.infer<typeof projectPayload> = { planId, hash, asked }
  const write: PlanWrite = { key: `${projectWrite} ${planId} ${asked}`, kind: projectWrite, payload }
  return { link: { ...link, asked, problem: null }, write }
}

/** The person's account at Vercel with the team they chose; null: none is connected. */
export async function deployerName(accounts: Accounts, ownerId: string): Promise<string | null> {
  const account = await accounts.find({ ownerId, provider: 'vercel' })
  if (account === null) return null
  const team = account.details?.['teamName'] ?? account.details?.['teamId']
  return team === undefined ? account.name : `${account.name}, team ${team}`
}

/** The link under another name, or null when it is left out. Nothing is made before somebody says yes to it. */
export function renamedLink(present: ProjectLink | null, project: string | null): ProjectLink | null {
  const link = openLink(present)
  return project === null ? null : { ...link, project, asked: null, problem: null }
}

/** One that somebody may decide on; throws a conflict that says why not. */
export function openLink(link: ProjectLink | null): ProjectLink {
  if (link === null) throw new SlipwayError('conflict', 'No project at Vercel waits to be made for this plan.')
  if (link.isLinked) throw new SlipwayError('conflict', `The project ${link.project} at Vercel deploys the repository already.`)
  if (link.asked !== null && link.problem === null)
    throw new SlipwayError('conflict', 'The project is being made as it was approved. Wait for it, or drop the plan.')
  return link
}

const publicHosts = { github: 'github.com', gitlab: 'gitlab.com' } as const

/** Why Vercel cannot be asked to deploy a repository of this forge; null: nothing speaks against it. */
export function cannotDeploy(
  settings: Pick<ServiceSettings, 'github' | 'gitlab' | 'vercel'>,
  forge: 'github' | 'gitlab' | 'local',
): string | null {
  if (forge === 'local') return 'Vercel deploys repositories of GitHub and GitLab. Choose one of them, or leave Vercel out.'
  // A name at the public forge is another repository than the same name here.
  const { hostname } = new URL(settings[forge].url)
  const isVercelItself = new URL(settings.vercel.apiUrl).hostname === 'api.vercel.com'
  if (!isVercelItself || hostname === publicHosts[forge]) return null
  return `Vercel deploys repositories of ${publicHosts[forge]}, and those of this server are at ${hostname}. Leave Vercel out.`
}
