// New repositories on both forges: one call, found again after a lost answer, and never somebody else's.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { git } from '../../../../e2e/doubles/github/git-command.ts'
import { startGithubDouble, type GithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import { startGitlabDouble, type GitlabDouble } from '../../../../e2e/doubles/gitlab/start-gitlab-double.ts'
import { githubSettings } from '../github/github-settings.ts'
import { gitlabSettings } from '../gitlab/gitlab-settings.ts'
import { makeLocalRepository } from '../local/make-local-repository.ts'
import { openHostedClient, type HostedServers } from '../open-hosted-client.ts'
import { accountOfToken } from '../testing/account-of-token.ts'
import { makeRepository } from './make-repository.ts'

const token = 'token-that-may-do-everything'
const limited = 'token-that-makes-nothing'
const signal = new AbortController().signal
let github: GithubDouble
let gitlab: GitlabDouble
let servers: HostedServers

beforeAll(async () => {
  github = await startGithubDouble({
    repositories: [],
    token,
    limitedTokens: [{ token: limited, login: 'eve', contents: 'write', pullRequests: 'write', mayCreate: false }],
  })
  gitlab = await startGitlabDouble({ projects: [], token, limitedTokens: [{ token: limited, username: 'eve', scope: 'read' }] })
  github.addOrganisation('acme', ['slipway-bot'])
  github.addOrganisation('closed', ['somebody'])
  gitlab.addGroup({ path: 'acme/tools', members: ['slipway-bot'], creators: ['slipway-bot'] })
  gitlab.addGroup({ path: 'closed', members: ['slipway-bot'], creators: ['somebody'] })
  const [one, other] = [githubSettings({ url: github.url, apiUrl: github.apiUrl }), gitlabSettings({ url: gitlab.url })]
  if (!one.ok || !other.ok) throw new Error('the doubles have bad addresses')
  servers = { github: one.settings, gitlab: other.settings }
})
afterAll(async () => {
  await github.close()
  await gitlab.close()
})

const double = (provider: 'github' | 'gitlab') => (provider === 'github' ? github : gitlab)
const created = (provider: 'github' | 'gitlab') =>
  double(provider).requests.filter(({ method, path }) => method === 'POST' && /\/(repos|projects)$/.test(path)).length

function make(
  provider: 'github' | 'gitlab',
  input: { namespace?: string | null; name: string; mark?: string; token?: string; isPrivate?: boolean },
) {
  const client = openHostedClient(accountOfToken(provider, input.token ?? token), servers, Date)
  const words = { forge: provider === 'github' ? ('GitHub' as const) : ('GitLab' as const) }
  const { namespace = null, name, mark = `(plan ${name})`, isPrivate = true } = input
  return makeRepository({ client, words }, { namespace, name, isPrivate, title: 'A clock\nthat is right', mark }, signal)
}

describe.each([
  ['github', 'acme', 'closed'],
  ['gitlab', 'acme/tools', 'closed'],
] as const)('on %s', (provider, group, closed) => {
  test('it is made in the account’s own namespace or in a group, private or public, with a first commit that git can fetch', async () => {
    expect(await make(provider, { name: 'own' })).toMatchObject({
      ok: true,
      alreadyThere: false,
      repository: { slug: 'slipway-bot/own', isPrivate: true, defaultBranch: 'main' },
    })
    const inGroup = await make(provider, { namespace: group, name: 'theirs', isPrivate: false })
    expect(inGroup).toMatchObject({ ok: true, repository: { slug: `${group}/theirs`, isPrivate: false } })
    expect(await git(double(provider).repositoryPath(`${group}/theirs`), ['ls-tree', '--name-only', 'main'])).toBe('README.md')
    // A namespace that is one's own name is one's own.
    expect(await make(provider, { namespace: 'Slipway-Bot', name: 'own', mark: '(plan own)' })).toMatchObject({
      ok: true,
      alreadyThere: true,
    })
  })

  test('an answer that is lost, or broke, leads to the one that was made, and a repeated call makes no other', async () => {
    for (const [name, fault] of [
      ['dropped', { kind: 'drop', when: 'after' }],
      ['failed', { kind: 'status', status: 502, when: 'after' }],
    ] as const) {
      const before = created(provider)
      double(provider).fail({ method: 'POST', path: /\/(repos|projects)$/, fault })
      expect([name, await make(provider, { name })]).toMatchObject([name, { ok: true, alreadyThere: true }])
      expect([name, await make(provider, { name })]).toMatchObject([name, { ok: true, alreadyThere: true }])
      expect([name, created(provider) - before]).toEqual([name, 1])
    }
  })

  test('a call that did not arrive has made nothing, and can be made again', async () => {
    double(provider).fail({ method: 'POST', path: /\/(repos|projects)$/, fault: { kind: 'drop', when: 'before' } })
    expect(await make(provider, { name: 'again' })).toMatchObject({ ok: false, problem: 'network' })
    expect(await make(provider, { name: 'again' })).toMatchObject({ ok: true, alreadyThere: false })
  })

  test('a name that is taken is refused and left alone, also when it is taken a moment before', async () => {
    await make(provider, { name: 'taken' })
    const before = created(provider)
    const refused = await make(provider, { name: 'taken', mark: '(another plan)' })
    expect(refused).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining('was not made for this plan') })
    expect(created(provider)).toBe(before)
    // Both look before either has made it.
    const marks = ['(one plan)', '(another plan)']
    const both = await Promise.all(marks.map((mark) => make(provider, { name: 'quick', mark })))
    expect(both.map((made) => (made.ok ? 'made' : made.problem)).sort()).toEqual(['made', 'refused'])
  })

  test('who may not make one is told so, and nothing is there afterwards', async () => {
    expect(await make(provider, { name: 'eves', token: limited })).toMatchObject({ ok: false, problem: 'auth' })
    const inClosed = await make(provider, { namespace: closed, name: 'mine' })
    expect(inClosed).toMatchObject({ ok: false, problem: provider === 'github' ? 'auth' : 'refused' })
    expect(await make(provider, { namespace: 'nowhere', name: 'mine' })).toMatchObject({ ok: false, problem: 'not-found' })
    expect(() => double(provider).repositoryPath(`${closed}/mine`)).toThrow('has no')
  })
})

test('on this disk it is there as a whole or not at all, once, and what is there already is left alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-new-'))
  const gitDir = join(folder, 'clock.git')
  const at = new Date('2026-01-01T00:00:00Z')
  const input = { gitDir, mark: 'plan-1', readme: '# Clock\n', at }
  const both = await Promise.all([makeLocalRepository(input), makeLocalRepository({ ...input, mark: 'plan-2' })])
  expect(both.filter(({ ok }) => ok)).toHaveLength(1)
  const winner = both[0]?.ok ? 'plan-1' : 'plan-2'
  expect(await makeLocalRepository({ ...input, mark: winner })).toEqual({ ok: true, alreadyThere: true })
  expect(await makeLocalRepository({ ...input, mark: 'plan-3' })).toMatchObject({ ok: false, problem: 'refused' })
  expect(await git(gitDir, ['show', 'HEAD:README.md'])).toBe('# Clock')
  expect(await git(folder, ['init', '--quiet', 'mine'])).toBe('')
  expect(await makeLocalRepository({ ...input, gitDir: join(folder, 'mine') })).toMatchObject({ ok: false, problem: 'refused' })
  await rm(folder, { recursive: true })
})
