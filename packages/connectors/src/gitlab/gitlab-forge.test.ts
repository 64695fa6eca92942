import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { offerCommit } from '../testing/forge-contract.ts'
import { type GitlabFixture, gitlabSlug, gitlabToken, startGitlabForge } from '../testing/start-gitlab-forge.ts'

const signal = new AbortController().signal
const branch = 'slipway/s1-topic'
const text = { title: 'Add a topic', body: 'Because it was missing.', draft: false }
const reporter = { token: 'glpat-reporter', username: 'reporter', scope: 'api', roles: { [gitlabSlug]: 20 } } as const
const reader = { token: 'glpat-reader', username: 'reader', scope: 'read' } as const

let home: string
let source: string
let baseOid: string
let fixture: GitlabFixture

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'gitlab-forge-'))
  source = path.join(home, 'source')
  baseOid = await makeRepository(source)
})

afterEach(async () => {
  await fixture.close()
  await rm(home, { recursive: true, force: true })
})

type Seed = Partial<Parameters<typeof startGitlabForge>[0]>

async function start({ project, ...rest }: Seed = {}) {
  fixture = await startGitlabForge({ home, project: { from: source, ...project }, limitedTokens: [reporter, reader], ...rest })
}

const prepare = () => fixture.forge.prepare({ repository: fixture.repository, signal })
const push = (oid: string) =>
  fixture.forge.push({ repository: fixture.repository, sessionId: 's1', oid, branch, expectedOid: null, signal })
const open = (change: Partial<typeof text> = {}) =>
  fixture.forge.openChangeRequest({ repository: fixture.repository, branch, base: 'main', ...text, ...change, signal })
const update = (change: Partial<typeof text> = {}) =>
  fixture.forge.updateChangeRequest({ repository: fixture.repository, number: 1, ...text, ...change, signal })
const requests = () => fixture.double.mergeRequests(gitlabSlug)

async function pushTopic(): Promise<void> {
  await prepare()
  const oid = await offerCommit({ home, repository: fixture.repository, parent: baseOid, content: 'topic\n' })
  expect(await push(oid)).toEqual({ ok: true, alreadyThere: false })
}

describe('the draft state', () => {
  it('is a prefix of the title that people here do not see', async () => {
    await start()
    await pushTopic()
    expect(await open({ draft: true })).toMatchObject({ ok: true, changeRequest: { draft: true, title: text.title } })
    expect(requests()[0]?.title).toBe('Draft: Add a topic')
    expect(await update({ draft: false, title: 'draft: [Draft] Better' })).toMatchObject({
      ok: true,
      changeRequest: { draft: false, title: 'Better' },
    })
    expect(requests()[0]?.title).toBe('Better')
    expect(await update({ draft: true })).toMatchObject({ ok: true, changeRequest: { draft: true } })
  })

  it('leaves room for the prefix: texts that are too long are shortened', async () => {
    await start()
    await pushTopic()
    expect(await open({ title: 'x'.repeat(300), body: '🚢'.repeat(600_000), draft: true })).toMatchObject({ ok: true })
    expect(requests()[0]?.title).toHaveLength(255)
    expect(requests()[0]?.description?.isWellFormed()).toBe(true)
    expect(requests()[0]?.description).toMatch(/longer than GitLab accepts\.\)$/)
  })
})

describe('GitLab refusing', () => {
  it('a role that may not push is said before any work', async () => {
    await start({ token: reporter.token })
    expect(await prepare()).toMatchObject({
      ok: false,
      problem: 'auth',
      message: expect.stringContaining(`may not write to ${gitlabSlug}`),
    })
  })

  it('a token without the scope says which one it lacks', async () => {
    await start()
    await pushTopic()
    await fixture.close()
    await start({ token: reader.token })
    await prepare()
    const oid = await offerCommit({ home, repository: fixture.repository, parent: baseOid, content: 'topic\n' })
    expect(await push(oid)).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('write access') })
    const mark = { repository: fixture.repository, number: 1, labels: ['x'], reviewers: [], signal }
    expect(await fixture.forge.markChangeRequest(mark)).toMatchObject({ ok: false, problem: 'not-found' })
  })

  it('an unknown token, no account and a missing project each say what to do', async () => {
    await start({ token: 'glpat-unknown' })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('Settings → Connections') })
    await fixture.close()
    await start({ token: null })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('Connect GitLab') })
    await fixture.close()
    await start()
    fixture.repository.slug = 'acme/tools/other'
    expect(await prepare()).toMatchObject({ ok: false, problem: 'not-found', message: expect.stringContaining('may not see it') })
  })

  it('an archived project is said before any work', async () => {
    await start({ project: { from: source, isArchived: true } })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining('archived') })
  })

  it("a push by the project's own rules repeats the rule", async () => {
    await start({ project: { from: source, protectedBranches: ['slipway/*'] } })
    await prepare()
    const oid = await offerCommit({ home, repository: fixture.repository, parent: baseOid, content: 'topic\n' })
    expect(await push(oid)).toMatchObject({
      ok: false,
      problem: 'refused',
      message: expect.stringMatching(/Let this account make and push branches below slipway\/.*git said/),
    })
  })

  it('a reviewer that is not to be had is told, and costs nobody the others', async () => {
    await start()
    await pushTopic()
    await open()
    const mark = { repository: fixture.repository, number: 1, labels: ['a', 'b'], reviewers: ['nobody', 'grace'], signal }
    expect(await fixture.forge.markChangeRequest(mark)).toEqual({ ok: true, missing: [expect.stringContaining('reviewer nobody')] })
    expect(requests()[0]).toMatchObject({ labels: ['a', 'b'], reviewers: ['grace'] })
  })
})

it('follows a moved project for prepare, push and the merge request', async () => {
  await start()
  await fixture.double.move(gitlabSlug, 'acme/gadgets')
  await pushTopic()
  expect(await open()).toMatchObject({ ok: true, changeRequest: { url: `${fixture.double.url}/acme/gadgets/-/merge_requests/1` } })
})

it('shows the token in no message when the answer repeats the header, and in no URL', async () => {
  await start()
  fixture.double.fail({ method: 'GET', path: /\/projects\//, fault: { kind: 'say', status: 422, message: `No: ${gitlabToken}` } })
  const refused = await prepare()
  expect(refused).toMatchObject({ ok: false, message: expect.stringContaining('[secret]') })
  expect(JSON.stringify(refused)).not.toContain(gitlabToken)
  await pushTopic()
  expect(fixture.double.requests.filter(({ path: asked }) => asked.includes(gitlabToken))).toEqual([])
})
