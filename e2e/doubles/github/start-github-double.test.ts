import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { git, gitOutput } from './git-command.ts'
import { commitFile, makeRepository } from './make-repository.ts'
import { type GithubDouble, startGithubDouble } from './start-github-double.ts'

const token = 'ghp_full'
const readOnly = { token: 'ghp_read', login: 'reader', contents: 'read', pullRequests: 'read' } as const

let directory: string
let clone: string
let double: GithubDouble

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'github-double-test-'))
  await makeRepository(path.join(directory, 'origin'))
  double = await startGithubDouble({
    token,
    limitedTokens: [readOnly],
    repositories: [{ slug: 'acme/widgets', from: path.join(directory, 'origin'), isPrivate: true, protectedBranches: ['main'] }],
  })
  clone = path.join(directory, 'clone')
  await git(directory, ['clone', '--quiet', gitUrl(token), clone])
})

afterEach(async () => {
  await double.close()
  await rm(directory, { recursive: true, force: true })
})

const gitUrl = (withToken: string) => double.url.replace('http://', `http://x-access-token:${withToken}@`) + '/acme/widgets.git'

async function call(method: string, tail: string, body?: unknown, withToken: string | null = token) {
  const response = await fetch(`${double.apiUrl}${tail}`, {
    method,
    redirect: 'manual',
    headers: withToken === null ? {} : { authorization: `Bearer ${withToken}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

const request = { title: 'A change', head: 'topic', base: 'main', body: 'Why' }
const pushTopic = async () => {
  await commitFile(clone, { path: 'topic.txt', content: 'topic\n', branch: 'topic' })
  await git(clone, ['push', '--quiet', 'origin', 'topic'])
}

describe('git', () => {
  it('clones and takes pushes with a token', async () => {
    await pushTopic()
    const pushed = await gitOutput(double.repositoryPath('acme/widgets'), ['rev-parse', 'topic'])
    expect(pushed).toBe(await git(clone, ['rev-parse', 'topic']))
  })

  it('refuses a wrong token, no token, a push by a reader and a push to a protected branch', async () => {
    const reachable = (url: string) => gitOutput(directory, ['ls-remote', url])
    expect(await reachable(gitUrl('ghp_wrong'))).toBeNull()
    expect(await reachable(`${double.url}/acme/widgets.git`)).toBeNull()
    expect(await reachable(gitUrl(readOnly.token))).toContain('refs/heads/main')
    await commitFile(clone, { path: 'more.txt', content: 'more\n' })
    expect(await gitOutput(clone, ['push', gitUrl(readOnly.token), 'HEAD:refs/heads/other'])).toBeNull()
    expect(await gitOutput(clone, ['push', 'origin', 'HEAD:main'])).toBeNull()
  })

  it('follows a rename', async () => {
    await double.rename('acme/widgets', 'acme/gadgets')
    expect(await gitOutput(directory, ['ls-remote', gitUrl(token)])).toContain('refs/heads/main')
  })

  it('carries a push out and loses the answer when told to', async () => {
    double.fail({ method: 'POST', path: /git-receive-pack/, fault: { kind: 'drop', when: 'after' } })
    await commitFile(clone, { path: 'topic.txt', content: 'topic\n', branch: 'topic' })
    expect(await gitOutput(clone, ['push', 'origin', 'topic'])).toBeNull()
    expect(await gitOutput(double.repositoryPath('acme/widgets'), ['rev-parse', 'topic'])).not.toBeNull()
  })
})

describe('pull requests', () => {
  it('refuses a head that was never pushed', async () => {
    const answer = await call('POST', '/repos/acme/widgets/pulls', request)
    expect(answer).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }] },
    })
    expect(double.pulls('acme/widgets')).toEqual([])
  })

  it('refuses a head without commits of its own', async () => {
    await git(clone, ['push', '--quiet', 'origin', 'HEAD:refs/heads/topic'])
    const answer = await call('POST', '/repos/acme/widgets/pulls', request)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ message: 'No commits between main and topic' }] } })
  })

  it('creates one, counts its changes, and refuses a second for the same head', async () => {
    await pushTopic()
    const created = await call('POST', '/repos/acme/widgets/pulls', request)
    expect(created).toMatchObject({
      status: 201,
      body: { number: 1, state: 'open', commits: 1, additions: 1, changed_files: 1, head: { ref: 'topic' } },
    })
    const again = await call('POST', '/repos/acme/widgets/pulls', request)
    expect(again).toMatchObject({ status: 422, body: { errors: [{ message: 'A pull request already exists for acme:topic.' }] } })
    const listed = await call('GET', '/repos/acme/widgets/pulls?head=acme:topic&state=all')
    expect(listed.body).toMatchObject([{ number: 1 }])
    expect((await call('GET', '/repos/acme/widgets/pulls?head=acme:other')).body).toEqual([])
  })

  it('wants title, head and base, and caps title and body', async () => {
    await pushTopic()
    const refused = async (change: Record<string, unknown>) =>
      (await call('POST', '/repos/acme/widgets/pulls', { ...request, ...change })).status
    expect(await refused({ title: undefined })).toBe(422)
    expect(await refused({ head: undefined })).toBe(422)
    expect(await refused({ base: 'missing' })).toBe(422)
    expect(await refused({ title: 'x'.repeat(257) })).toBe(422)
    expect(await refused({ body: 'x'.repeat(65_537) })).toBe(422)
    expect(double.pulls('acme/widgets')).toEqual([])
  })

  it('refuses a token without the permission, and names the permission', async () => {
    await pushTopic()
    const answer = await call('POST', '/repos/acme/widgets/pulls', request, readOnly.token)
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-accepted-github-permissions')).toBe('pull_requests=write')
  })

  it('changes title and state', async () => {
    await pushTopic()
    await call('POST', '/repos/acme/widgets/pulls', request)
    const answer = await call('PATCH', '/repos/acme/widgets/pulls/1', { title: 'Better', state: 'closed' })
    expect(answer).toMatchObject({ status: 200, body: { title: 'Better', body: 'Why', state: 'closed' } })
  })
})

describe('a merge', () => {
  it('moves the base branch and keeps the head that was merged', async () => {
    await pushTopic()
    await call('POST', '/repos/acme/widgets/pulls', request)
    const merged = await git(clone, ['rev-parse', 'topic'])
    await double.merge('acme/widgets', 1)
    await commitFile(clone, { path: 'late.txt', content: 'late\n' })
    await git(clone, ['push', '--quiet', 'origin', 'topic'])
    expect((await call('GET', '/repos/acme/widgets/pulls/1')).body).toMatchObject({ state: 'closed', merged: true, head: { sha: merged } })
    const parents = await git(double.repositoryPath('acme/widgets'), ['log', '-1', '--format=%P', 'main'])
    expect(parents.split(' ')).toContain(merged)
  })
})

describe('the API', () => {
  it('hides a private repository and refuses unknown tokens', async () => {
    expect((await call('GET', '/repos/acme/widgets', undefined, null)).status).toBe(404)
    expect((await call('GET', '/repos/acme/widgets', undefined, 'ghp_wrong')).status).toBe(401)
    expect((await call('GET', '/user', undefined, null)).status).toBe(401)
    expect((await call('GET', '/user')).body).toMatchObject({ login: 'slipway-bot' })
  })

  it('redirects a renamed repository, reads by 301 and writes by 307', async () => {
    await double.rename('acme/widgets', 'acme/gadgets')
    const read = await call('GET', '/repos/acme/widgets')
    expect(read.status).toBe(301)
    const moved = await fetch(read.headers.get('location') ?? '', { headers: { authorization: `Bearer ${token}` } })
    expect(await moved.json()).toMatchObject({ full_name: 'acme/gadgets' })
    expect((await call('POST', '/repos/acme/widgets/pulls', request)).status).toBe(307)
  })

  it('tells the commit of a branch, 404 without the branch, 409 without any commit', async () => {
    await double.addRepository({ slug: 'acme/empty', from: null })
    const oid = await git(clone, ['rev-parse', 'HEAD'])
    expect((await call('GET', '/repos/acme/widgets/git/ref/heads%2Fmain')).body).toMatchObject({
      ref: 'refs/heads/main',
      object: { sha: oid },
    })
    expect((await call('GET', '/repos/acme/widgets/git/ref/heads/none')).status).toBe(404)
    expect((await call('GET', '/repos/acme/empty/git/ref/heads/main')).status).toBe(409)
  })
})

describe('faults', () => {
  it('hit as often as ordered and no more', async () => {
    double.fail({ method: 'GET', path: /rate_limit/, fault: { kind: 'status', status: 502, when: 'before' }, times: 2 })
    const statuses = []
    for (let index = 0; index < 3; index++) statuses.push((await call('GET', '/rate_limit')).status)
    expect(statuses).toEqual([502, 502, 200])
  })

  it('apply a creation or not, as ordered, before the connection breaks', async () => {
    await pushTopic()
    double.fail({ method: 'POST', path: /pulls/, fault: { kind: 'drop', when: 'before' } })
    await expect(call('POST', '/repos/acme/widgets/pulls', request)).rejects.toThrow()
    expect(double.pulls('acme/widgets')).toHaveLength(0)
    double.fail({ method: 'POST', path: /pulls/, fault: { kind: 'drop', when: 'after' } })
    await expect(call('POST', '/repos/acme/widgets/pulls', request)).rejects.toThrow()
    expect(double.pulls('acme/widgets')).toHaveLength(1)
  })
})
