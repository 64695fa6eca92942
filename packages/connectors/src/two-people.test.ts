// Two people, two accounts, one mirror on the host: what one fetched is for the other only what the forge shows them.

import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RepositoryRef } from '@slipway/core/events'
import type { Forge, Forges } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRepository } from '../../../e2e/doubles/github/make-repository.ts'
import { type GithubDouble, startGithubDouble } from '../../../e2e/doubles/github/start-github-double.ts'
import { type GitlabDouble, startGitlabDouble } from '../../../e2e/doubles/gitlab/start-gitlab-double.ts'
import { openForges } from './forges.ts'
import { githubSettings } from './github/github-settings.ts'
import { gitlabSettings } from './gitlab/gitlab-settings.ts'
import { accountOfToken, accountsOf } from './testing/account-of-token.ts'

const signal = new AbortController().signal
const branch = 'slipway/s1-topic'
let home: string
let github: GithubDouble
let gitlab: GitlabDouble
let forges: Forges

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'two-people-'))
  const source = path.join(home, 'source')
  await makeRepository(source)
  github = await startGithubDouble({
    token: 'github-of-ada',
    limitedTokens: [{ token: 'github-of-bob', login: 'bob', contents: 'write', pullRequests: 'write', repositories: [] }],
    repositories: [{ slug: 'acme/secret', from: source, isPrivate: true }],
  })
  gitlab = await startGitlabDouble({
    token: 'gitlab-of-ada',
    limitedTokens: [{ token: 'gitlab-of-bob', username: 'bob', scope: 'api', roles: {} }],
    projects: [{ path: 'acme/tools/secret', from: source }],
  })
  const [onGithub, onGitlab] = [githubSettings({ url: github.url, apiUrl: github.apiUrl }), gitlabSettings({ url: gitlab.url })]
  if (!onGithub.ok || !onGitlab.ok) throw new Error('settings')
  const of = (name: string) => [accountOfToken('github', `github-of-${name}`), accountOfToken('gitlab', `gitlab-of-${name}`)]
  forges = openForges({
    home,
    clock: { now: Date.now, sleep: () => Promise.resolve() },
    accounts: accountsOf({ ada: of('ada'), bob: of('bob') }),
    github: onGithub.settings,
    gitlab: onGitlab.settings,
  })
})
afterAll(async () => {
  await github.close()
  await gitlab.close()
  await rm(home, { recursive: true, force: true })
})

function forgeOf(ownerId: string, repository: RepositoryRef): Forge {
  const found = forges.for(repository, ownerId)
  if (!found.ok) throw new Error(found.message)
  return found.forge
}

describe.each(['github', 'gitlab'] as const)('%s', (forge) => {
  it('gives the second person nothing of what the first one fetched', async () => {
    const slug = forge === 'github' ? 'acme/secret' : 'acme/tools/secret'
    const repository: RepositoryRef = { url: `${forge === 'github' ? github.url : gitlab.url}/${slug}`, forge, slug, base: 'main' }
    expect(await forgeOf('ada', repository).prepare({ repository, signal })).toMatchObject({ ok: true, baseBranch: 'main' })
    expect((await readdir(path.join(home, 'mirrors'))).length).toBeGreaterThan(0)
    const bobs = forgeOf('bob', repository)
    const text = { title: 'x', body: '', draft: false }
    for (const outcome of [
      await bobs.prepare({ repository, signal }),
      await bobs.push({ repository, sessionId: 's1', oid: 'a'.repeat(40), branch, expectedOid: null, signal }),
      await bobs.findChangeRequest({ repository, branch, signal }),
      await bobs.openChangeRequest({ repository, branch, base: 'main', ...text, signal }),
      await bobs.updateChangeRequest({ repository, number: 1, ...text, signal }),
      await bobs.markChangeRequest({ repository, number: 1, labels: ['x'], reviewers: [], signal }),
      await bobs.closeChangeRequest({ repository, number: 1, signal }),
    ])
      expect(outcome).toMatchObject({ ok: false, problem: 'not-found' })
    expect(await forgeOf('carol', repository).prepare({ repository, signal })).toMatchObject({ ok: false, problem: 'auth' })
    const { requests } = forge === 'github' ? github : gitlab
    const used = new Set(requests.flatMap(({ headers }) => headers['authorization'] ?? []))
    expect([...used].filter((header) => header.includes('carol'))).toEqual([])
  })
})
