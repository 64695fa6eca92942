import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { git } from '../../../../e2e/doubles/github/git-command.ts'
import { commitFile, makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { type GithubDouble, startGithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import { createGithubClient } from '../github/github-client.ts'
import { githubSettings } from '../github/github-settings.ts'
import { githubWords } from '../github/open-github-forge.ts'
import { accountOfToken } from '../testing/account-of-token.ts'
import type { HostedClient } from './hosted-client.ts'
import { openPull as openHostedPull } from './open-pull.ts'

const signal = new AbortController().signal
const pull = { slug: 'acme/widgets', branch: 'slipway/s1-topic', base: 'main', title: 'Add a topic', body: '', draft: false }

const openPull = (client: HostedClient, input: typeof pull, given: AbortSignal) =>
  openHostedPull({ client, words: githubWords }, input, given)

let directory: string
let double: GithubDouble
let client: HostedClient

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'open-pull-'))
  await makeRepository(directory)
  await commitFile(directory, { path: 'topic.txt', content: 'topic\n', branch: pull.branch })
  double = await startGithubDouble({ token: 'ghp_token', repositories: [{ slug: pull.slug, from: directory, defaultBranch: 'main' }] })
  const made = githubSettings({ url: double.url, apiUrl: double.apiUrl })
  if (!made.ok) throw new Error(made.message)
  client = createGithubClient({ settings: made.settings, account: accountOfToken('github', 'ghp_token'), nowMs: Date.now })
})

afterEach(async () => {
  await double.close()
  await rm(directory, { recursive: true, force: true })
})

it('takes the pull request that somebody else opened between looking and posting', async () => {
  let looks = 0
  const raced: HostedClient = {
    ...client,
    async listPulls(input, given) {
      looks += 1
      const found = await client.listPulls(input, given)
      if (looks === 1) await client.createPull(pull, given)
      return found
    },
  }
  expect(await openPull(raced, pull, signal)).toMatchObject({ ok: true, alreadyThere: true, pull: { number: 1 } })
  expect(double.pulls(pull.slug)).toHaveLength(1)
})

it('takes an open pull request whose base a maintainer changed, instead of opening a second one', async () => {
  await openPull(client, pull, signal)
  const opened = double.pulls(pull.slug)[0]
  if (opened) opened.base = 'release'
  expect(await openPull(client, pull, signal)).toMatchObject({ ok: true, alreadyThere: true, pull: { number: 1, base: 'release' } })
})

it('opens a new one when the earlier one was closed', async () => {
  await openPull(client, pull, signal)
  const closed = double.pulls(pull.slug)[0]
  if (closed) closed.state = 'closed'
  expect(await openPull(client, pull, signal)).toMatchObject({ ok: true, alreadyThere: false, pull: { number: 2 } })
})

it('says so when there is nothing between base and branch', async () => {
  const refused = await openPull(client, { ...pull, base: pull.branch }, signal)
  expect(refused).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining('No commits between') })
})

it('counts a pull request that merged exactly this commit as opened', async () => {
  await openPull(client, pull, signal)
  await double.merge(pull.slug, 1)
  expect(await openPull(client, pull, signal)).toMatchObject({ ok: true, alreadyThere: true, pull: { number: 1, state: 'merged' } })
  await git(directory, ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '--quiet', '--allow-empty', '-m', 'More'])
  await git(directory, ['push', '--quiet', double.repositoryPath(pull.slug), pull.branch])
  expect(await openPull(client, pull, signal)).toMatchObject({ ok: true, alreadyThere: false, pull: { number: 2 } })
})
