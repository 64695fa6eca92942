// Every call of our clients, and every answer of the doubles that they are tested with, against the descriptions of the APIs.

import { createRequire } from 'node:module'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeSecret } from '@slipway/core/secret'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitFile, makeRepository } from '../../../e2e/doubles/github/make-repository.ts'
import { startGithubDouble } from '../../../e2e/doubles/github/start-github-double.ts'
import { startGitlabDouble } from '../../../e2e/doubles/gitlab/start-gitlab-double.ts'
import type { Talk } from '../../../e2e/doubles/talk.ts'
import { startVercelDouble } from '../../../e2e/doubles/vercel/start-vercel-double.ts'
import { openGithubWatch } from './github/follow/open-github-watch.ts'
import { createGithubClient } from './github/github-client.ts'
import { openGitlabWatch } from './gitlab/follow/open-gitlab-watch.ts'
import { createGitlabClient } from './gitlab/gitlab-client.ts'
import type { ForgeWatch } from './follow/forge-watch.ts'
import type { HostedClient } from './hosted/hosted-client.ts'
import { accountOfToken } from './testing/account-of-token.ts'
import { type Checker, type Description, openChecker, type SeenExchange } from './testing/check-exchange.ts'
import { gitlabDescription } from './testing/gitlab-description.ts'
import { vercelDescription } from './testing/vercel-description.ts'
import { linkProject } from './vercel/link-project.ts'
import { createVercelClient } from './vercel/vercel-client.ts'

const githubDescription = createRequire(import.meta.url)('./testing/fixtures/github-description.json') as Description

const slug = 'acme/clock'
const token = 'token-of-the-double-0001'
const branch = 'slipway/s1-topic'
const { signal } = new AbortController()
const settled = async (calls: Promise<{ ok: boolean }>[]) => expect((await Promise.all(calls)).filter(({ ok }) => !ok)).toEqual([])

let home: string
let source: string
let oid: string

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'descriptions-'))
  source = path.join(home, 'source')
  await makeRepository(source)
  oid = await commitFile(source, { path: 'topic.txt', content: 'topic\n', branch })
})
afterAll(() => rm(home, { recursive: true, force: true }))

/** All that is done with a repository, at least once. */
async function useForge(client: HostedClient, watch: ForgeWatch, talk: Talk): Promise<void> {
  const place = { path: 'topic.txt', line: 1 }
  const remark = { author: 'rita', isBot: false, body: 'Why?', inReplyTo: null }
  talk.issues.push({ number: 7, title: 'Slow', body: 'By a minute.', author: 'rita', labels: ['bug'], assignees: ['rita'], state: 'open' })
  talk.checks.push({ id: 1, oid, name: 'test', state: 'failed', log: 'boom' }, { id: 2, oid, name: 'style', state: 'pending', log: null })

  const created = await client.createPull({ slug, branch, base: 'main', title: 'A topic', body: 'Why.', draft: true }, signal)
  if (!created.ok) throw new Error(created.failure.message)
  const pull = created.value
  const { number } = pull
  talk.comments.push({ id: 11, on: { kind: 'issue', number: 7 }, ...remark, place: null })
  talk.comments.push({ id: 12, on: { kind: 'change-request', number }, ...remark, place })
  await settled([client.getRepository(slug, signal), client.listRepositories({ search: '', page: 1 }, signal)])
  await settled([client.listRepositories({ search: 'clock', page: 1 }, signal), client.getRef({ slug, branch }, signal)])
  await settled([client.getPull({ slug, number }, signal), client.listPulls({ slug, branch }, signal)])
  await settled([client.updatePull({ slug, number, title: 'The topic', body: 'So.', draft: true }, signal)])
  await settled([client.addLabels({ slug, number, labels: ['slipway'] }, signal)])
  await settled([client.addReviewer({ slug, pull, reviewer: 'grace' }, signal)])
  await settled([client.setDraft({ slug, pull, draft: false }, signal)])

  const issue = { slug, number: 7, kind: 'issue' as const }
  const change = { slug, number, kind: 'change-request' as const }
  await settled([watch.canWrite(slug, signal), watch.mayWrite({ slug, login: 'rita' }, signal), watch.readIssue(issue, signal)])
  await settled([watch.readChange(change, signal), watch.readChecks({ slug, oid }, signal), watch.readLog({ slug, logRef: '1' }, signal)])
  await settled([watch.react({ ...issue, commentId: null }, signal), watch.react({ ...issue, commentId: '11' }, signal)])
  await settled([watch.say({ ...issue, thread: null, text: 'Hello.' }, signal)])
  const comments = await watch.readComments(change, signal)
  const thread = (comments.ok && comments.value.find((comment) => comment.thread !== null)?.thread) || null
  expect(thread).not.toBeNull()
  await settled([watch.say({ ...change, thread, text: 'Because.' }, signal), watch.readComments(issue, signal)])
  await settled([client.closePull({ slug, number }, signal)])
  const fresh = { isPrivate: true, description: 'A clock (made for a plan)' }
  await settled([client.whoAmI(signal), client.getDescription(slug, signal)])
  await settled([client.createRepository({ ...fresh, namespace: null, name: 'own' }, signal)])
  await settled([client.createRepository({ ...fresh, namespace: 'tools', name: 'theirs' }, signal)])
}

async function github(): Promise<SeenExchange[]> {
  const double = await startGithubDouble({ repositories: [{ slug, from: source, defaultBranch: 'main', isPrivate: true }], token })
  double.addOrganisation('tools', ['slipway-bot'])
  const settings = { url: double.url, apiUrl: double.apiUrl, requestTimeoutMs: 20_000 }
  const access = { settings, account: accountOfToken('github', token), nowMs: Date.now }
  await useForge(createGithubClient(access), openGithubWatch(access), double.talk(slug))
  await double.close()
  // Drafts go through GraphQL, and logs lie in a store that is not the API.
  const below = double.requests.filter(({ path: asked }) => asked.startsWith('/api/v3/'))
  return below.map((request) => ({ ...request, path: request.path.slice('/api/v3'.length) }))
}

async function gitlab(): Promise<SeenExchange[]> {
  const project = { path: slug, from: source, defaultBranch: 'main' }
  const double = await startGitlabDouble({ projects: [project], token, people: ['grace'] })
  double.addGroup({ path: 'tools', members: ['slipway-bot'], creators: ['slipway-bot'] })
  const access = { settings: { url: double.url, requestTimeoutMs: 20_000 }, account: accountOfToken('gitlab', token), nowMs: Date.now }
  await useForge(createGitlabClient(access), openGitlabWatch(access), double.talk(slug))
  await double.close()
  const prefix = `${new URL(double.url).pathname.replace(/\/$/, '')}/api/v4`
  const below = double.requests.filter(({ path: asked }) => asked.startsWith(prefix))
  return below.map((request) => ({ ...request, path: request.path.slice(prefix.length) }))
}

async function vercel(): Promise<SeenExchange[]> {
  const double = await startVercelDouble()
  double.addUser(token, 'ada')
  const { id: teamId } = double.addTeam({ slug: 'acme', tokens: [token] })
  for (const [name, type] of [
    ['widgets', 'github'],
    ['lab', 'gitlab'],
  ] as const)
    double.addProject({ name, tokens: [token], teamId, link: { type, slug, repositoryId: '77', productionBranch: 'main' } })
  const holder = { token: async () => ({ ok: true as const, token: makeSecret(token) }) }
  const client = createVercelClient({ apiUrl: double.url, holder, teamId, requestTimeoutMs: 20_000, nowMs: Date.now })
  const first = double.deploy({ project: 'widgets', sha: oid, branch: 'main', target: 'production' })
  double.progress(first.id, 'READY', { log: ['built'] })
  await settled([client.self(signal), client.listProjects({ search: 'wid', cursor: '0' }, signal), client.listTeams(signal)])
  await settled([client.listProjects({ repositoryUrl: `https://github.com/${slug}`, cursor: null }, signal)])
  for (const type of ['github', 'gitlab'] as const) {
    const repository = { type, slug: `acme/new-${type}`, url: `https://${type}.com/acme/new-${type}` }
    await settled([linkProject(client, { name: `new-${type}`, repository }, signal)])
  }
  const [widgets, lab] = await Promise.all([client.getProject('widgets', signal), client.getProject('lab', signal)])
  if (!widgets.ok || !lab.ok) throw new Error('the double lost a project')
  const made = []
  for (const [project, type] of [
    [widgets.value, 'github'],
    [lab.value, 'gitlab'],
    [widgets.value, 'github'],
  ] as const) {
    const preview = await client.createPreview(
      { project, source: { type, repositoryId: '77', branch, sha: oid }, meta: { by: 's1' } },
      signal,
    )
    if (!preview.ok) throw new Error(preview.message)
    made.push(preview.value.id)
  }
  const [next = '', failed = '', stopped = ''] = made
  double.progress(next, 'READY')
  double.progress(failed, 'ERROR', { problem: 'exit 1' })
  const projectId = widgets.value.id
  await settled([client.getDeployment(next, signal), client.getDeployment(failed, signal), client.cancel(stopped, signal)])
  await settled([client.readLog({ id: first.id, limit: 10 }, signal), client.promote({ projectId, deploymentId: next }, signal)])
  await settled([client.listDeployments({ projectId, sha: oid, branch, target: 'preview' }, signal)])
  await settled([client.listDeployments({ projectId, rollbackCandidates: true }, signal), client.getProject(projectId, signal)])
  await settled([client.rollBack({ projectId, deploymentId: first.id, reason: 'slow' }, signal)])
  await double.close()
  return double.requests.map(({ path: asked, query, ...rest }) => ({ ...rest, path: `${asked}?${new URLSearchParams(query)}` }))
}

describe.each([
  ['GitHub', githubDescription, github],
  ['GitLab', gitlabDescription, gitlab],
  ['Vercel', vercelDescription, vercel],
])('%s', (_name, description, play) => {
  let checker: Checker
  let seen: SeenExchange[]
  beforeAll(async () => {
    checker = openChecker(description)
    seen = await play()
  })

  it('is called, and answers, as it is described', () => {
    expect(seen.flatMap((exchange) => checker.problemsOf(exchange))).toEqual([])
  })

  it('is called in every way that is described here', () => {
    const used = new Set(seen.map((exchange) => checker.operationOf(exchange)))
    const unused = Object.keys(description.operations).filter((name) => !used.has(name))
    expect(unused).toEqual([])
  })

  it('would be noticed in any request and answer that is not as described', () => {
    const answered = seen.filter(({ answer }) => answer !== undefined && answer.status < 300)
    const [first] = answered
    if (!first) throw new Error('nothing was answered')
    const without = answered.map((exchange) => {
      const body = exchange.answer?.body
      if (body === null || Buffer.isBuffer(body)) return true
      return checker.problemsOf({ ...exchange, answer: { status: exchange.answer?.status ?? 200, body: 'other' } }).length > 0
    })
    expect(without).not.toContain(false)
    const query = (given: string) => `${first.path}${first.path.includes('?') ? '&' : '?'}${given}`
    expect(checker.problemsOf({ ...first, path: query('made_up=1') }).join()).toContain('made_up')
    expect(checker.problemsOf({ ...first, path: `/made-up${first.path}` }).join()).toContain('there is no')
    const writing = seen.filter(({ method, body }) => method !== 'GET' && Object.keys(body ?? {}).length > 0)
    expect(writing.length).toBeGreaterThan(1)
    for (const exchange of writing) {
      const sent = exchange.body as Record<string, unknown>
      expect(checker.problemsOf({ ...exchange, body: { ...sent, made_up: 1 } }).join()).toContain('made_up')
    }
  })
})
