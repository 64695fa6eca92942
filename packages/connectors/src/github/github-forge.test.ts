import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { accountOfToken } from '../testing/account-of-token.ts'
import { offerCommit } from '../testing/forge-contract.ts'
import { fullToken, type GithubFixture, slug, startGithubForge } from '../testing/start-github-forge.ts'

const signal = new AbortController().signal
const branch = 'slipway/s1-topic'
const text = { title: 'Add a topic', body: 'Because it was missing.', draft: false }
const reader = { token: 'github_pat_' + 'reader00000000000000000000', login: 'reader', contents: 'read', pullRequests: 'read' } as const
const pusher = { token: 'github_pat_' + 'pusher00000000000000000000', login: 'pusher', contents: 'write', pullRequests: 'read' } as const

let home: string
let source: string
let baseOid: string
let fixture: GithubFixture

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'github-forge-'))
  source = path.join(home, 'source')
  baseOid = await makeRepository(source)
})

afterEach(async () => {
  await fixture.close()
  await rm(home, { recursive: true, force: true })
})

type Seed = Partial<Parameters<typeof startGithubForge>[0]> & { isArchived?: boolean; hasDrafts?: boolean; protectedBranches?: string[] }

async function start({ isArchived = false, hasDrafts = true, protectedBranches = [], ...rest }: Seed = {}) {
  fixture = await startGithubForge({
    home,
    repository: { from: source, isArchived, hasDrafts, protectedBranches },
    limitedTokens: [reader, pusher],
    ...rest,
  })
}

const prepare = () => fixture.forge.prepare({ repository: fixture.repository, signal })
const push = (oid: string) =>
  fixture.forge.push({ repository: fixture.repository, sessionId: 's1', oid, branch, expectedOid: null, signal })
const open = (change: Partial<typeof text> = {}) =>
  fixture.forge.openChangeRequest({ repository: fixture.repository, branch, base: 'main', ...text, ...change, signal })
const update = (change: Partial<typeof text> = {}) =>
  fixture.forge.updateChangeRequest({ repository: fixture.repository, number: 1, ...text, ...change, signal })
const pulls = () => fixture.double.pulls(slug)
const posts = () => fixture.double.requests.filter(({ method, path: asked }) => method === 'POST' && asked.endsWith('/pulls'))

async function pushTopic(): Promise<void> {
  await prepare()
  const oid = await offerCommit({ home, repository: fixture.repository, parent: baseOid, content: 'topic\n' })
  expect(await push(oid)).toEqual({ ok: true, alreadyThere: false })
}

describe('a lost answer', () => {
  it.each([{ kind: 'drop', when: 'after' }, { kind: 'status', status: 502, when: 'after' }, { kind: 'cut' }] as const)(
    'to a creation that was carried out leads to the one pull request that exists: %o',
    async (fault) => {
      await start()
      await pushTopic()
      fixture.double.fail({ method: 'POST', path: /\/pulls$/, fault })
      expect(await open()).toMatchObject({ ok: true, alreadyThere: true, changeRequest: { number: 1 } })
      expect(pulls()).toHaveLength(1)
      expect(posts()).toHaveLength(1)
    },
  )

  it.each([
    { kind: 'drop', when: 'before' },
    { kind: 'status', status: 502, when: 'before' },
  ] as const)('to a creation that was not carried out is reported, never posted again by itself: %o', async (fault) => {
    await start()
    await pushTopic()
    fixture.double.fail({ method: 'POST', path: /\/pulls$/, fault })
    expect(await open()).toMatchObject({ ok: false, problem: 'network' })
    expect(posts()).toHaveLength(1)
    expect(await open()).toMatchObject({ ok: true, alreadyThere: false })
    expect(pulls()).toHaveLength(1)
  })

  it('that comes after the deadline is looked up as well', async () => {
    await start({ requestTimeoutMs: 1000 })
    await pushTopic()
    fixture.double.fail({ method: 'POST', path: /\/pulls$/, fault: { kind: 'slow', delayMs: 5000 } })
    expect(await open()).toMatchObject({ ok: false, problem: 'network', message: expect.stringContaining('did not answer in time') })
    expect(posts()).toHaveLength(1)
  })

  it('to a push that was carried out counts as pushed', async () => {
    await start()
    await prepare()
    const oid = await offerCommit({ home, repository: fixture.repository, parent: baseOid, content: 'topic\n' })
    fixture.double.fail({ method: 'POST', path: /git-receive-pack/, fault: { kind: 'drop', when: 'after' } })
    expect(await push(oid)).toEqual({ ok: true, alreadyThere: true })
  })

  it('to a change of title is settled by looking', async () => {
    await start()
    await pushTopic()
    await open()
    fixture.double.fail({ method: 'PATCH', path: /\/pulls\/1$/, fault: { kind: 'drop', when: 'after' } })
    expect(await update({ title: 'Better' })).toMatchObject({ ok: true, changeRequest: { title: 'Better' } })
  })
})

describe('GitHub refusing', () => {
  it('for want of a permission names the permission', async () => {
    await start({ token: pusher.token })
    await pushTopic()
    expect(await open()).toMatchObject({
      ok: false,
      problem: 'auth',
      message: expect.stringContaining('lacks the permission pull_requests: write'),
    })
  })

  it('a token whose owner may only read is said before any work', async () => {
    await start({ token: reader.token })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('may not write to acme/widgets') })
  })

  it('an unknown token, a missing one and a missing repository each say what to do', async () => {
    await start({ token: 'ghp_' + 'unknown0000000000000000000000000000' })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('Settings → Connections') })
    await fixture.close()
    await start({ token: null })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('set GITHUB_TOKEN') })
    await fixture.close()
    await start()
    fixture.repository.slug = 'acme/other'
    expect(await prepare()).toMatchObject({ ok: false, problem: 'not-found', message: expect.stringContaining('the token may not see it') })
  })

  it('an archived repository is said before any work', async () => {
    await start({ isArchived: true })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining('archived') })
  })

  it("a push by the repository's own rules repeats the rule", async () => {
    await start({ protectedBranches: ['slipway/*'] })
    await prepare()
    const oid = await offerCommit({ home, repository: fixture.repository, parent: baseOid, content: 'topic\n' })
    expect(await push(oid)).toMatchObject({
      ok: false,
      problem: 'refused',
      message: expect.stringContaining('GH006: Protected branch update failed'),
    })
  })

  it('drafts: the pull request is opened as a regular one that says so', async () => {
    await start({ hasDrafts: false })
    await pushTopic()
    expect(await open({ draft: true })).toMatchObject({ ok: true, alreadyThere: false, changeRequest: { draft: false } })
    expect(pulls()[0]?.body).toMatch(/^> Meant as a draft\..*\n\nBecause it was missing\.$/)
    expect(await update({ draft: true, body: 'More.' })).toMatchObject({ ok: true, changeRequest: { draft: false } })
    expect(pulls()[0]?.body).toMatch(/^> Meant as a draft\..*\n\nMore\.$/)
  })

  it('an over-long title and description does not happen: they are shortened', async () => {
    await start()
    await pushTopic()
    expect(await open({ title: 'x'.repeat(300), body: '🚢'.repeat(40_000) })).toMatchObject({ ok: true })
    expect(pulls()[0]?.title).toHaveLength(256)
    expect(pulls()[0]?.body?.isWellFormed()).toBe(true)
    expect(pulls()[0]?.body).toMatch(/longer than GitHub accepts\.\)$/)
  })
})

describe('rate limits', () => {
  it('tell how long to wait, from the reset time', async () => {
    await start()
    fixture.double.fail({ path: /\/repos\//, fault: { kind: 'rate-limit', resetInSeconds: 90 } })
    const limited = await prepare()
    expect(limited).toMatchObject({ ok: false, problem: 'rate-limit' })
    expect(limited.ok ? 0 : limited.retryAfterMs).toBeGreaterThan(85_000)
    expect(limited.ok ? 0 : limited.retryAfterMs).toBeLessThanOrEqual(91_000)
  })

  it('tell how long to wait, from the secondary limit', async () => {
    await start()
    fixture.double.fail({ path: /\/repos\//, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 37 } })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'rate-limit', retryAfterMs: 37_000 })
  })
})

describe('a renamed repository', () => {
  it('is followed by prepare, push and the pull request, with no write to the old name', async () => {
    await start()
    await fixture.double.rename(slug, 'acme/gadgets')
    await pushTopic()
    expect(await open()).toMatchObject({ ok: true, changeRequest: { url: `${fixture.double.url}/acme/gadgets/pull/1` } })
    expect(fixture.double.pulls('acme/gadgets')).toHaveLength(1)
  })
})

describe('the token', () => {
  it('is in no message when the answer repeats the header', async () => {
    await start({ account: accountOfToken('github', fullToken, () => fullToken) })
    fixture.double.fail({ path: /\/repos\//, fault: { kind: 'echo-authorization' } })
    const refused = await prepare()
    expect(refused).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('[secret]') })
    expect(JSON.stringify(refused)).not.toContain(fullToken)
  })

  it('is in no file below the home folder after a whole publication, and in no URL', async () => {
    await start()
    await pushTopic()
    await open()
    expect(fixture.double.requests.filter(({ path: asked }) => asked.includes(fullToken))).toEqual([])
    const encoded = Buffer.from(`x-access-token:${fullToken}`).toString('base64')
    expect(await filesWith(home, [fullToken, encoded])).toEqual([])
    // The search itself finds what is there.
    expect(await filesWith(home, ['[core]'])).not.toEqual([])
  })
})

async function filesWith(directory: string, texts: string[]): Promise<string[]> {
  const names = await readdir(directory, { recursive: true })
  const found = []
  for (const name of names) {
    const file = path.join(directory, name)
    if (!(await stat(file)).isFile()) continue
    const content = await readFile(file, 'latin1')
    if (texts.some((text) => content.includes(text))) found.push(name)
  }
  return found
}
