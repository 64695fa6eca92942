// The branches of a repository, for whoever starts a session from one.

import { parseRepository } from '@slipway/connectors/parse-repository'
import { gitCredential } from '@slipway/git/git-credential'
import { listRemote } from '@slipway/git/list-remote'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import type { Asker } from '../actions/access.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { isFolder } from '../intake/path-kind.ts'
import { refuseOthersRepository } from '../intake/refuse-others-files.ts'
import type { Settings } from '../settings.ts'

const MOST_BRANCHES = 500
const DEADLINE_MS = 15_000
const HEADS = 'refs/heads/'

export async function listBranches(
  settings: Pick<Settings, 'github' | 'localRepositories'>,
  person: Asker,
  typed: string,
): Promise<{ defaultBranch: string | null; branches: string[] }> {
  const parsed = parseRepository(typed, { githubUrl: settings.github.url, isFolder })
  if (!parsed.ok) throw new SlipwayError('usage', parsed.message)
  refuseOthersRepository(person, parsed.repository, settings.localRepositories)
  const { url, forge } = parsed.repository
  const address = parseRepositoryUrl(url, { plainHttpHosts: URL.canParse(settings.github.url) ? [new URL(settings.github.url).host] : [] })
  if (!address.ok) throw new SlipwayError('usage', address.message)
  const { token } = settings.github
  const credential = forge === 'github' && token !== null ? gitCredential('x-access-token', token.reveal()) : null
  const listed = await listRemote({ address: address.address, credential }, { refs: ['HEAD', `${HEADS}*`], timeoutMs: DEADLINE_MS })
  if (!listed.ok) throw new SlipwayError('usage', listed.message)
  const branches = [...listed.remote.refs.keys()].filter((name) => name.startsWith(HEADS)).map((name) => name.slice(HEADS.length))
  return { defaultBranch: listed.remote.headBranch, branches: branches.sort().slice(0, MOST_BRANCHES) }
}
