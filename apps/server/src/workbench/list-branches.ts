// The branches of a repository as the person sees them, for whoever starts a session from one.

import { parseRepository } from '@slipway/connectors/parse-repository'
import { forRepository, gitUsernames, withCredential } from '@slipway/connectors/hosted/with-token'
import type { Accounts } from '@slipway/core/accounts'
import type { RepositoryRef } from '@slipway/core/events'
import { type Remote, listRemote } from '@slipway/git/list-remote'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import type { Asker } from '../actions/access.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { isFolder } from '../intake/path-kind.ts'
import { refuseOthersRepository } from '../intake/refuse-others-files.ts'
import type { Settings } from '../settings.ts'

const MOST_BRANCHES = 500
const DEADLINE_MS = 15_000
const HEADS = 'refs/heads/'

export interface BranchNeeds {
  settings: Pick<Settings, 'github' | 'gitlab' | 'localRepositories'>
  accounts: Accounts
}

export async function listBranches(
  { settings, accounts }: BranchNeeds,
  person: Asker,
  typed: string,
): Promise<{ defaultBranch: string | null; branches: string[] }> {
  const servers = { githubUrl: settings.github.url, gitlabUrl: settings.gitlab.url }
  const parsed = parseRepository(typed, { ...servers, isFolder })
  if (!parsed.ok) throw new SlipwayError('usage', parsed.message)
  refuseOthersRepository(person, parsed.repository, settings.localRepositories)
  const address = parseRepositoryUrl(parsed.repository.url)
  if (!address.ok) throw new SlipwayError('usage', address.message)
  const listed = await askAs(accounts, person.ownerId, parsed.repository, (credential) =>
    listRemote({ address: address.address, credential }, { refs: ['HEAD', `${HEADS}*`], timeoutMs: DEADLINE_MS }),
  )
  if (!listed.ok) throw new SlipwayError('usage', listed.message)
  const branches = [...listed.remote.refs.keys()].filter((name) => name.startsWith(HEADS)).map((name) => name.slice(HEADS.length))
  return { defaultBranch: listed.remote.headBranch, branches: branches.sort().slice(0, MOST_BRANCHES) }
}

type Listed = ReturnType<typeof listRemote>

/** With the person's own account; without one, what is public is still to be seen. */
async function askAs(
  accounts: Accounts,
  ownerId: string,
  { forge, slug }: RepositoryRef,
  ask: (credential: Remote['credential']) => Listed,
): Listed {
  if (forge === 'local') return ask(null)
  const account = await accounts.find({ ownerId, provider: forge })
  if (account === null) return ask(null)
  return withCredential(forRepository(account, slug), gitUsernames[forge], ask)
}
