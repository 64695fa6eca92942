// The deployer of one person and repository: their Vercel account, and the project that the repository is linked to.

import type { Account, Accounts } from '@slipway/core/accounts'
import { createVercelClient, type VercelClient } from '@slipway/connectors/vercel/vercel-client'
import type { VercelFailure } from '@slipway/connectors/vercel/vercel-failure'
import type { VercelProject } from '@slipway/connectors/vercel/vercel-shapes'
import type { Runtime } from '../runtime.ts'

export interface DeployerNeeds {
  accounts: Accounts
  settings: Pick<Runtime['settings'], 'vercel'>
  nowMs(): number
}

export interface Deployer {
  account: Account
  client: VercelClient
}

const REQUEST_TIMEOUT_MS = 20_000

/** null: the person has connected no Vercel account. */
export async function openDeployer({ accounts, settings, nowMs }: DeployerNeeds, ownerId: string): Promise<Deployer | null> {
  const account = await accounts.find({ ownerId, provider: 'vercel' })
  if (account === null) return null
  const { apiUrl } = settings.vercel
  // null: what Vercel means by a call that names no team.
  const teamId = account.details?.['teamId'] ?? null
  const client = createVercelClient({ apiUrl, holder: account, teamId, requestTimeoutMs: REQUEST_TIMEOUT_MS, nowMs })
  return { account, client }
}

const mostPages = 5

/** null: no project of the account is linked to the repository. */
export async function findProject(
  { client }: Deployer,
  repositoryUrl: string,
  signal: AbortSignal,
): Promise<{ ok: true; project: VercelProject | null } | VercelFailure> {
  const filtered = await client.listProjects({ repositoryUrl, cursor: null }, signal)
  if (!filtered.ok) return filtered
  const found = linkedTo(filtered.value.projects, repositoryUrl)
  if (found !== null || filtered.value.projects.length > 0) return { ok: true, project: found }
  // The filter may know nothing of a forge of one's own, least of all below a path of its server.
  let cursor: string | null = null
  for (let page = 0; page < mostPages; page++) {
    const listed: Awaited<ReturnType<VercelClient['listProjects']>> = await client.listProjects({ cursor }, signal)
    if (!listed.ok) return listed
    const project = linkedTo(listed.value.projects, repositoryUrl)
    cursor = listed.value.next
    if (project !== null || cursor === null) return { ok: true, project }
  }
  return { ok: true, project: null }
}

/** The filter is looser than it sounds; below a path of the server the slug is the end of the address. */
function linkedTo(projects: VercelProject[], repositoryUrl: string): VercelProject | null {
  const slug = new URL(repositoryUrl).pathname.replace(/^\/|\/$|\.git$/g, '').toLowerCase()
  const project = projects.find(({ link }) => {
    const linked = link?.slug?.toLowerCase()
    return linked !== undefined && (slug === linked || slug.endsWith(`/${linked}`))
  })
  return project ?? null
}
