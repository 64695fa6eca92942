// Our calls and the double's answers against GitHub's own description, as `@octokit/openapi-types` has it. The compiler compares; a shape
// that lacks a required field, a parameter or a route of another name does not get through `make lint`.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { components, paths } from '@octokit/openapi-types'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  addRepository,
  branchOid,
  createState,
  type DoublePull,
  type DoubleRepository,
} from '../../../../e2e/doubles/github/double-state.ts'
import { commitFile, makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { labelShape, profileShape, pullListShape, pullShape, refShape, repositoryShape } from '../../../../e2e/doubles/github/shapes.ts'
import { pullShape as readPull, refShape as readRef, repositoryShape as readRepository } from './github-shapes.ts'

type Schemas = components['schemas']
/** What a call sends in its body. */
type Body<Route extends keyof paths, Method extends keyof paths[Route]> = paths[Route][Method] extends {
  requestBody?: { content: { 'application/json': infer Sent } }
}
  ? Sent
  : never
type Query<Route extends keyof paths> = paths[Route] extends { get: { parameters: { query?: infer Asked } } } ? Asked : never

const addresses = { url: 'https://github.example', apiUrl: 'https://github.example/api/v3' }
let directory: string
let repository: DoubleRepository
let pull: DoublePull

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'official-shapes-'))
  const source = path.join(directory, 'source')
  await makeRepository(source)
  await commitFile(source, { path: 'topic.txt', content: 'topic\n', branch: 'slipway/s1' })
  repository = await addRepository(createState(directory, []), { slug: 'acme/widgets', from: source, defaultBranch: 'main' })
  const at = new Date(0).toISOString()
  const texts = {
    title: 'A',
    body: null,
    head: 'slipway/s1',
    base: 'main',
    author: 'bot',
    labels: ['slipway'],
    reviewers: ['grace', 'team:core'],
  }
  const times = { createdAt: at, updatedAt: at, closedAt: null, mergedAt: null, closedHeadOid: null }
  pull = { id: 5, number: 1, draft: true, state: 'open', ...texts, ...times }
  repository.pulls.push(pull)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

it('answers about a repository as described, alone and in the list of one’s own', () => {
  const answer: Schemas['full-repository'] = repositoryShape(addresses, repository, null)
  const listed: Schemas['repository'] = repositoryShape(addresses, repository, null)
  expect([readRepository.safeParse(answer).success, readRepository.safeParse(listed).success]).toEqual([true, true])
})

it('answers about a branch, a person and a label as described', async () => {
  const ref: Schemas['git-ref'] = refShape(addresses, repository, 'refs/heads/main', (await branchOid(repository, 'main')) ?? '')
  const profile: Schemas['public-user'] = profileShape(addresses, 'bot', new Date(0).toISOString())
  const label: Schemas['label'] = labelShape(addresses, repository, 'slipway')
  expect(readRef.safeParse(ref).success).toBe(true)
  expect([profile.login, label.name]).toEqual(['bot', 'slipway'])
})

it('answers about a pull request as described, with what is read of it', async () => {
  const short: Schemas['pull-request-simple'] = await pullListShape(addresses, repository, pull)
  const full: Schemas['pull-request'] = await pullShape(addresses, repository, pull)
  for (const answer of [short, full])
    expect(readPull.parse(answer)).toMatchObject({
      number: 1,
      draft: true,
      isOwnBranch: true,
      labels: ['slipway'],
      reviewers: ['grace', 'acme/core'],
    })
})

it('sends what is described, to routes that exist', () => {
  const list: Query<'/repos/{owner}/{repo}/pulls'> = { state: 'all', head: 'acme:x', sort: 'created', direction: 'desc', per_page: 100 }
  const own: Query<'/user/repos'> = { sort: 'pushed', per_page: 100, page: 1 }
  const create: Body<'/repos/{owner}/{repo}/pulls', 'post'> = { title: 'A', head: 'x', base: 'main', body: '', draft: true }
  const update: Body<'/repos/{owner}/{repo}/pulls/{pull_number}', 'patch'> = { title: 'A', body: '' }
  const close: Body<'/repos/{owner}/{repo}/pulls/{pull_number}', 'patch'> = { state: 'closed' }
  const labels: Body<'/repos/{owner}/{repo}/issues/{issue_number}/labels', 'post'> = { labels: ['slipway'] }
  const review: Body<'/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', 'post'> = { reviewers: ['grace'] }
  const team: Body<'/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', 'post'> = { team_reviewers: ['core'] }
  expect([list, own, create, update, close, labels, review, team]).not.toContain(undefined)
})
