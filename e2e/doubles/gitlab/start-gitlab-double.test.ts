import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { git, gitOutput } from '../github/git-command.ts'
import { commitFile, makeRepository } from '../github/make-repository.ts'
import { type GitlabDouble, startGitlabDouble } from './start-gitlab-double.ts'

const token = 'glpat-full'
const reporter = { token: 'glpat-reporter', username: 'reporter', scope: 'api', roles: { 'acme/tools/widgets': 20 } } as const
const readOnly = { token: 'glpat-read', username: 'reader', scope: 'read' } as const
const stranger = { token: 'glpat-stranger', username: 'stranger', scope: 'api', roles: {} } as const
const project = 'acme/tools/widgets'

let directory: string
let clone: string
let double: GitlabDouble

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'gitlab-double-test-'))
  await makeRepository(path.join(directory, 'origin'))
  double = await startGitlabDouble({
    token,
    limitedTokens: [reporter, readOnly, stranger],
    people: ['grace'],
    projects: [{ path: project, from: path.join(directory, 'origin'), protectedBranches: ['main'] }],
  })
  clone = path.join(directory, 'clone')
  await git(directory, ['clone', '--quiet', gitUrl(token), clone])
})

afterEach(async () => {
  await double.close()
  await rm(directory, { recursive: true, force: true })
})

const gitUrl = (withToken: string) => `${double.url.replace('http://', `http://oauth2:${withToken}@`)}/${project}.git`
const api = `/projects/${encodeURIComponent(project)}`

async function call(method: string, tail: string, body?: unknown, withToken: string | null = token) {
  const response = await fetch(`${double.url}/api/v4${tail}`, {
    method,
    headers: { 'content-type': 'application/json', ...(withToken !== null && { authorization: `Bearer ${withToken}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

const request = { title: 'A change', source_branch: 'topic', target_branch: 'main', description: 'Why' }
const pushTopic = async () => {
  await commitFile(clone, { path: 'topic.txt', content: 'topic\n', branch: 'topic' })
  await git(clone, ['push', '--quiet', 'origin', 'topic'])
}

it('takes pushes with a token, and refuses wrong ones, none, reporters, strangers and protected branches', async () => {
  await pushTopic()
  const reachable = (url: string) => gitOutput(directory, ['ls-remote', url])
  expect(await reachable(gitUrl('glpat-wrong'))).toBeNull()
  expect(await reachable(gitUrl(stranger.token))).toBeNull()
  expect(await reachable(`${double.url}/${project}.git`)).toBeNull()
  expect(await reachable(gitUrl(reporter.token))).toContain('refs/heads/main')
  for (const each of [reporter.token, readOnly.token])
    expect(await gitOutput(clone, ['push', gitUrl(each), 'HEAD:refs/heads/other'])).toBeNull()
  expect(await gitOutput(clone, ['push', 'origin', 'HEAD:main'])).toBeNull()
  double.revoke(reporter.token)
  expect(await reachable(gitUrl(reporter.token))).toBeNull()
})

it('refuses a merge request for a branch that was never pushed, and a second one for the same branch', async () => {
  expect(await call('POST', `${api}/merge_requests`, request)).toMatchObject({
    status: 422,
    body: { message: ['Source branch "topic" does not exist'] },
  })
  expect(double.mergeRequests(project)).toEqual([])
  await pushTopic()
  const created = await call('POST', `${api}/merge_requests`, request)
  expect(created).toMatchObject({ status: 201, body: { iid: 1, state: 'opened', draft: false, source_branch: 'topic' } })
  expect(await call('POST', `${api}/merge_requests`, request)).toMatchObject({
    status: 409,
    body: { message: ['Another open merge request already exists for this source branch: !1'] },
  })
  expect((await call('GET', `${api}/merge_requests?source_branch=other`)).body).toEqual([])
})

it('wants title, source and target, and caps title and description', async () => {
  await pushTopic()
  const statusWith = async (change: Record<string, unknown>) =>
    (await call('POST', `${api}/merge_requests`, { ...request, ...change })).status
  expect(await statusWith({ title: undefined })).toBe(400)
  expect(await statusWith({ target_branch: 'missing' })).toBe(422)
  expect(await statusWith({ title: 'x'.repeat(256) })).toBe(400)
  expect(await statusWith({ description: 'x'.repeat(1_048_577) })).toBe(400)
  expect(double.mergeRequests(project)).toEqual([])
})

it('refuses writes without scope or role, hides projects, and knows revoked tokens', async () => {
  await pushTopic()
  const refused = async (withToken: string | null) => (await call('POST', `${api}/merge_requests`, request, withToken)).status
  expect([await refused(readOnly.token), await refused(reporter.token), await refused(stranger.token), await refused(null)]).toEqual([
    403, 403, 404, 404,
  ])
  expect((await call('GET', '/user', undefined, 'glpat-wrong')).status).toBe(401)
  double.revoke(token)
  expect(await call('GET', '/user')).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
})

it('takes titles for drafts by their prefix, adds labels, replaces reviewers that it knows, closes and reopens', async () => {
  await pushTopic()
  await call('POST', `${api}/merge_requests`, { ...request, title: 'Draft: A change' })
  const change = async (body: unknown) => (await call('PUT', `${api}/merge_requests/1`, body)).body
  expect(await change({ add_labels: 'one,two' })).toMatchObject({ draft: true, labels: ['one', 'two'] })
  const grace = (await call('GET', '/users?username=grace')).body[0].id
  expect(await change({ reviewer_ids: [grace, 5], title: 'A change' })).toMatchObject({ draft: false, reviewers: [{ username: 'grace' }] })
  expect(await change({ state_event: 'close' })).toMatchObject({ state: 'closed' })
  expect(await change({ state_event: 'reopen' })).toMatchObject({ state: 'opened' })
  expect(await change({})).toMatchObject({ error: expect.stringContaining('at least one') })
})

it('follows the old path of a moved project for reads and git, not for writes', async () => {
  await pushTopic()
  await double.move(project, 'acme/gadgets')
  expect((await call('GET', api)).body).toMatchObject({ path_with_namespace: 'acme/gadgets' })
  expect(await gitOutput(directory, ['ls-remote', gitUrl(token)])).toContain('refs/heads/topic')
  expect((await call('POST', `${api}/merge_requests`, request)).status).toBe(404)
})

it('lists the projects of a member in pages, the latest changed first', async () => {
  for (const [name, lastActivityAt] of [
    ['old', '2020-01-01T00:00:00Z'],
    ['new', '2100-01-01T00:00:00Z'],
  ] as const)
    await double.addProject({ path: `acme/${name}`, from: null, lastActivityAt })
  const listed = await call('GET', '/projects?membership=true&order_by=last_activity_at&per_page=2')
  expect(listed.body.map((each: { path_with_namespace: string }) => each.path_with_namespace)).toEqual(['acme/new', project])
  expect(listed.headers.get('x-next-page')).toBe('2')
  expect((await call('GET', '/projects?membership=true', undefined, stranger.token)).body).toEqual([])
})
