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

/** null: no project of the account is linked to the repository. */
export async function findProject(
  { client }: Deployer,
  repositoryUrl: string,
  signal: AbortSignal,
): Promise<{ ok: true; project: VercelProject | null } | VercelFailure> {
  const listed = await client.listProjects({ repositoryUrl, cursor: null }, signal)
  if (!listed.ok) return listed
  const slug = new URL(repositoryUrl).pathname.replace(/^\/|\/$|\.git$/g, '').toLowerCase()
  // The filter is looser than it sounds; below a sub-path the slug is the end of the path.
  const project = listed.value.projects.find(({ link }) => {
    const linked = link?.slug?.toLowerCase()
    return linked !== undefined && (slug === linked || slug.endsWith(`/${linked}`))
  })
  return { ok: true, project: project ?? null }
}
