// What a bad network, a busy forge, a token that ends and other people do to a publication. One object afterwards, and words that say what to do.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Account } from '@slipway/core/accounts'
import { git } from '@slipway/git/run-git'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultOrder } from '../../../../e2e/doubles/github/faults.ts'
import { makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { accountOfToken } from '../testing/account-of-token.ts'
import { type ForgeFixture, offerCommit } from '../testing/forge-contract.ts'
import { fullToken, slug, startGithubForge } from '../testing/start-github-forge.ts'
import { gitlabSlug, gitlabToken, startGitlabForge } from '../testing/start-gitlab-forge.ts'

interface Started extends ForgeFixture {
  double: {
    requests: { method: string; path: string }[]
    fail(order: FaultOrder): void
    revoke(token: string): void
    close(): Promise<void>
  }
  opened(): number
}

interface Kind {
  name: string
  provider: 'github' | 'gitlab'
  token: string
  pulls: RegExp
  start(input: { home: string; source: string; account?: Account; requestTimeoutMs?: number }): Promise<Started>
}

const others = ['first', 'second'].map((name) => `${name}-token-of-an-hour`) as [string, string]

const kinds: Kind[] = [
  {
    name: 'GitHub',
    provider: 'github',
    token: fullToken,
    pulls: /\/pulls$/,
    async start({ source, ...rest }) {
      const limitedTokens = others.map((token) => ({ token, login: 'bot', contents: 'write', pullRequests: 'write' }) as const)
      const fixture = await startGithubForge({ ...rest, repository: { from: source }, limitedTokens })
      return { ...fixture, opened: () => fixture.double.pulls(slug).length }
    },
  },
  {
    name: 'GitLab',
    provider: 'gitlab',
    token: gitlabToken,
    pulls: /\/merge_requests$/,
    async start({ source, ...rest }) {
      const limitedTokens = others.map((token) => ({ token, username: 'bot', scope: 'api' }) as const)
      const fixture = await startGitlabForge({ ...rest, project: { from: source }, limitedTokens })
      return { ...fixture, opened: () => fixture.double.mergeRequests(gitlabSlug).length }
    },
  },
]

const signal = new AbortController().signal
const branch = 'slipway/s1-topic'
const text = { title: 'Add a topic', body: 'Because it was missing.', draft: false }

describe.each(kinds)('$name', (kind) => {
  let home: string
  let source: string
  let baseOid: string
  let fixture: Started

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'hosted-faults-'))
    source = path.join(home, 'source')
    baseOid = await makeRepository(source)
  })

  afterEach(async () => {
    await fixture.close()
    await rm(home, { recursive: true, force: true })
  })

  const start = async (options: { account?: Account; requestTimeoutMs?: number } = {}) => {
    fixture = await kind.start({ home, source, ...options })
  }
  const prepare = () => fixture.forge.prepare({ repository: fixture.repository, signal })
  const push = (oid: string, expectedOid: string | null = null) =>
    fixture.forge.push({ repository: fixture.repository, sessionId: 's1', oid, branch, expectedOid, signal })
  const open = () => fixture.forge.openChangeRequest({ repository: fixture.repository, branch, base: 'main', ...text, signal })
  const close = () => fixture.forge.closeChangeRequest({ repository: fixture.repository, number: 1, signal })
  const offer = (content = 'topic\n', parent = baseOid) => offerCommit({ home, repository: fixture.repository, parent, content })
  const posts = () => fixture.double.requests.filter(({ method, path: asked }) => method === 'POST' && kind.pulls.test(asked))

  async function pushTopic(): Promise<string> {
    expect(await prepare()).toMatchObject({ ok: true })
    const oid = await offer()
    expect(await push(oid)).toMatchObject({ ok: true })
    return oid
  }

  it('opens one, posted once, whatever becomes of the answer', async () => {
    for (const fault of [{ kind: 'drop', when: 'after' }, { kind: 'status', status: 500, when: 'after' }, { kind: 'cut' }] as const) {
      await start()
      await pushTopic()
      fixture.double.fail({ method: 'POST', path: kind.pulls, fault })
      expect(await open()).toMatchObject({ ok: true, alreadyThere: true, changeRequest: { number: 1 } })
      expect([fixture.opened(), posts().length]).toEqual([1, 1])
      await fixture.close()
      await rm(path.join(home, 'sessions'), { recursive: true, force: true })
    }
    await start()
  })

  it('reports one that was not opened, and opens it at the next try', async () => {
    await start()
    await pushTopic()
    fixture.double.fail({ method: 'POST', path: kind.pulls, fault: { kind: 'status', status: 500, when: 'before' } })
    expect(await open()).toMatchObject({ ok: false, problem: 'network', message: expect.stringContaining('try again') })
    expect([fixture.opened(), posts().length]).toEqual([0, 1])
    expect(await open()).toMatchObject({ ok: true, alreadyThere: false })
  })

  it('takes a push whose answer was lost for done, and sends it no second time', async () => {
    await start()
    await prepare()
    const oid = await offer()
    fixture.double.fail({ method: 'POST', path: /git-receive-pack/, fault: { kind: 'drop', when: 'after' } })
    const packs = () => fixture.double.requests.filter(({ path: asked }) => asked.endsWith('/git-receive-pack')).length
    expect(await push(oid)).toEqual({ ok: true, alreadyThere: true })
    const sent = packs()
    expect(await push(oid)).toEqual({ ok: true, alreadyThere: true })
    expect(packs()).toBe(sent)
  })

  it('does not take a push that met itself for the change of somebody else', async () => {
    await start()
    await prepare()
    const oid = await offer()
    const looks = { method: 'GET', path: /info\/refs\?service=git-upload-pack/ }
    const run = async (): Promise<void> => {
      await push(oid)
      fixture.double.fail({ ...looks, fault: { kind: 'status', status: 502, when: 'before' } })
    }
    fixture.double.fail({ method: 'POST', path: /git-receive-pack/, fault: { kind: 'meanwhile', when: 'before', run } })
    expect(await push(oid)).toMatchObject({ ok: false, problem: 'network' })
    expect(await push(oid)).toEqual({ ok: true, alreadyThere: true })
  })

  it('takes a lost answer to closing for done when it is closed', async () => {
    await start()
    await pushTopic()
    await open()
    fixture.double.fail({ method: kind.provider === 'github' ? 'PATCH' : 'PUT', path: /\/1$/, fault: { kind: 'drop', when: 'after' } })
    expect(await close()).toMatchObject({ ok: true, changeRequest: { state: 'closed' } })
  })

  it('hands on how long to wait, and asks no second time by itself', async () => {
    await start()
    fixture.double.fail({ path: /\/(repos|projects)\//, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 37 } })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'rate-limit', retryAfterMs: 37_000 })
    expect(fixture.double.requests).toHaveLength(1)
  })

  it('gives up on a forge that is slow, and on one that is gone', async () => {
    await start({ requestTimeoutMs: 300 })
    fixture.double.fail({ path: /\/(repos|projects)\//, fault: { kind: 'slow', delayMs: 600 } })
    expect(await prepare()).toMatchObject({ ok: false, problem: 'network', message: expect.stringContaining('did not answer in time') })
    await fixture.double.close()
    expect(await prepare()).toMatchObject({ ok: false, problem: 'network' })
  })

  it('says that the account has to be connected again when the token was revoked, and goes on with the next one', async () => {
    let next: string | null = null
    await start({ account: accountOfToken(kind.provider, kind.token, () => next) })
    await pushTopic()
    fixture.double.revoke(kind.token)
    expect(await open()).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('Settings → Connections') })
    expect(fixture.opened()).toBe(0)
    next = others[0]
    expect(await open()).toMatchObject({ ok: true, alreadyThere: false })
    expect(fixture.opened()).toBe(1)
  })

  it('gets another token when the one of an hour ends between a call and git, or between looking and posting', async () => {
    const tokens = [...others]
    await start({ account: accountOfToken(kind.provider, kind.token, () => tokens.shift() ?? null) })
    await prepare()
    const oid = await offer()
    fixture.double.fail({
      path: /info\/refs/,
      fault: { kind: 'meanwhile', when: 'during', run: async () => fixture.double.revoke(kind.token) },
    })
    expect(await push(oid)).toMatchObject({ ok: true })
    const revokeSecond = { kind: 'meanwhile', when: 'during', run: async () => fixture.double.revoke(others[0]) } as const
    fixture.double.fail({ method: 'GET', path: kind.provider === 'github' ? /\/pulls\?/ : /\/merge_requests\?/, fault: revokeSecond })
    expect(await open()).toMatchObject({ ok: true, alreadyThere: false })
    expect([tokens, fixture.opened()]).toEqual([[], 1])
  })

  it('does not push over a branch that somebody else forced elsewhere', async () => {
    await start()
    const oid = await pushTopic()
    await git({ args: ['update-ref', `refs/heads/${branch}`, baseOid], gitDir: fixture.published })
    const second = await offer('more\n', oid)
    expect(await push(second, oid)).toMatchObject({ ok: false, problem: 'conflict' })
    const at = await git({ args: ['rev-parse', `refs/heads/${branch}`], gitDir: fixture.published })
    expect(at.toString().trim()).toBe(baseOid)
  })
})
