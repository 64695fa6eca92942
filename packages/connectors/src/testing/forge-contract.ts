// What every forge promises, as one test suite that runs against each of them on real repositories.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RepositoryRef } from '@slipway/core/events'
import type { Forge } from '@slipway/core/ports'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { git } from '@slipway/git/run-git'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'

export interface ForgeFixture {
  forge: Forge
  repository: RepositoryRef
  /** The bare repository that is published to. */
  published: string
  close(): Promise<void>
}

export interface ForgeSeed {
  home: string
  /** A repository with one commit on main, or null for an empty one. */
  source: string | null
}

const signal = new AbortController().signal
const branch = 'slipway/s1-topic'
const text = { title: 'Add a topic', body: 'Because it was missing.', draft: false }

/** `start` publishes the seed's repository in a fresh forge of the kind. */
export function describeForge(kind: string, start: (seed: ForgeSeed) => Promise<ForgeFixture>): void {
  describe(`the ${kind} forge`, () => {
    let home: string
    let baseOid: string
    let fixture: ForgeFixture

    beforeEach(async () => {
      home = await mkdtemp(path.join(tmpdir(), 'forge-contract-'))
      const source = path.join(home, 'source')
      baseOid = await makeRepository(source)
      fixture = await start({ home, source })
    })

    afterEach(async () => {
      await fixture.close()
      await rm(home, { recursive: true, force: true })
    })

    const prepare = () => fixture.forge.prepare({ repository: fixture.repository, signal })
    const commit = (parent: string, content = 'topic\n') => offerCommit({ home, repository: fixture.repository, parent, content })
    const push = (oid: string, expectedOid: string | null = null, name = branch) =>
      fixture.forge.push({ repository: fixture.repository, sessionId: 's1', oid, branch: name, expectedOid, signal })
    const open = (name = branch) =>
      fixture.forge.openChangeRequest({ repository: fixture.repository, branch: name, base: 'main', ...text, signal })
    const find = () => fixture.forge.findChangeRequest({ repository: fixture.repository, branch, signal })
    const publishedOid = async (name: string) =>
      (await git({ args: ['for-each-ref', '--format=%(objectname)', `refs/heads/${name}`], gitDir: fixture.published })).toString().trim()

    async function pushTopic(): Promise<string> {
      await prepare()
      const oid = await commit(baseOid)
      expect(await push(oid)).toEqual({ ok: true, alreadyThere: false })
      return oid
    }

    it('prepares the default branch, again and again', async () => {
      expect(await prepare()).toEqual({ ok: true, baseBranch: 'main', baseOid })
      expect(await prepare()).toEqual({ ok: true, baseBranch: 'main', baseOid })
    })

    it('says when the branch to start from does not exist', async () => {
      const repository = { ...fixture.repository, base: 'missing' }
      expect(await fixture.forge.prepare({ repository, signal })).toMatchObject({
        ok: false,
        problem: 'not-found',
        message: expect.stringContaining('missing'),
      })
    })

    it('says when the repository has no commit', async () => {
      const empty = await start({ home, source: null })
      expect(await empty.forge.prepare({ repository: empty.repository, signal })).toMatchObject({ ok: false, problem: 'empty-repository' })
      await empty.close()
    })

    it('pushes exactly the given commit', async () => {
      const oid = await pushTopic()
      expect(await publishedOid(branch)).toBe(oid)
    })

    it('asks whether it may right before it pushes or opens, after all its looks, and changes nothing when it may not', async () => {
      await prepare()
      const oid = await commit(baseOid)
      const { repository, forge } = fixture
      const lost = new Error('the lease is lost')
      const assertHeld = (): void => {
        throw lost
      }
      await expect(forge.push({ repository, sessionId: 's1', oid, branch, expectedOid: null, signal, assertHeld })).rejects.toBe(lost)
      expect(await publishedOid(branch)).toBe('')
      await push(oid)
      await expect(forge.openChangeRequest({ repository, branch, base: 'main', ...text, signal, assertHeld })).rejects.toBe(lost)
      expect(await find()).toEqual({ ok: true, changeRequest: null })
      const opened = await open()
      if (!opened.ok) throw new Error(opened.message)
      const { number } = opened.changeRequest
      const other = { ...text, title: 'Another title' }
      await expect(forge.updateChangeRequest({ repository, number, ...other, signal, assertHeld })).rejects.toBe(lost)
      expect(await find()).toMatchObject({ changeRequest: { title: text.title } })
    })

    it('counts a push that is there already as success', async () => {
      const oid = await pushTopic()
      expect(await push(oid)).toEqual({ ok: true, alreadyThere: true })
      expect(await publishedOid(branch)).toBe(oid)
    })

    it('continues its own branch and refuses one that somebody else moved', async () => {
      const first = await pushTopic()
      const second = await commit(first, 'more\n')
      expect(await push(second, first)).toEqual({ ok: true, alreadyThere: false })
      const stale = await commit(first, 'other\n')
      expect(await push(stale, first)).toMatchObject({ ok: false, problem: 'conflict' })
      expect(await push(stale, null)).toMatchObject({ ok: false, problem: 'conflict' })
      expect(await publishedOid(branch)).toBe(second)
    })

    it('refuses to push to a branch that is not a session branch', async () => {
      await prepare()
      const oid = await commit(baseOid)
      expect(await push(oid, baseOid, 'main')).toMatchObject({ ok: false, problem: 'refused' })
      expect(await push(oid, null, 'topic')).toMatchObject({ ok: false, problem: 'refused' })
      expect(await publishedOid('main')).toBe(baseOid)
      expect(await publishedOid('topic')).toBe('')
    })

    it('refuses a change request for a branch that was never pushed', async () => {
      await prepare()
      expect(await open()).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining(branch) })
      expect(await find()).toEqual({ ok: true, changeRequest: null })
    })

    it('opens a change request once, however often it is asked to', async () => {
      await pushTopic()
      const opened = await open()
      const url = expect.any(String)
      expect(opened).toEqual({
        ok: true,
        alreadyThere: false,
        changeRequest: { number: 1, url, branch, base: 'main', draft: false, state: 'open', title: text.title },
      })
      expect(await open()).toEqual({ ...opened, alreadyThere: true })
      expect(await find()).toEqual({ ok: true, changeRequest: opened.ok && opened.changeRequest })
    })

    it('opens one change request for each branch', async () => {
      const oid = await pushTopic()
      expect(await push(oid, null, 'slipway/s2-other')).toMatchObject({ ok: true })
      expect(await open()).toMatchObject({ ok: true, changeRequest: { number: 1 } })
      expect(await open('slipway/s2-other')).toMatchObject({
        ok: true,
        alreadyThere: false,
        changeRequest: { number: 2, branch: 'slipway/s2-other' },
      })
    })

    it('changes title and draft state of a change request', async () => {
      await pushTopic()
      await open()
      const change = { title: 'Add the topic', body: 'More.', draft: true }
      const updated = await fixture.forge.updateChangeRequest({ repository: fixture.repository, number: 1, ...change, signal })
      expect(updated).toMatchObject({ ok: true, changeRequest: { number: 1, title: change.title, draft: true, state: 'open' } })
      expect(await find()).toMatchObject({ ok: true, changeRequest: { title: change.title, draft: true } })
    })

    it('labels a change request and asks for a review, again and again', async () => {
      await pushTopic()
      await open()
      const mark = () =>
        fixture.forge.markChangeRequest({ repository: fixture.repository, number: 1, labels: ['slipway'], reviewers: ['grace'], signal })
      expect(await mark()).toEqual({ ok: true, missing: [] })
      expect(await mark()).toEqual({ ok: true, missing: [] })
    })

    it('closes a change request once, and opens another one for a later push', async () => {
      const first = await pushTopic()
      await open()
      const close = () => fixture.forge.closeChangeRequest({ repository: fixture.repository, number: 1, signal })
      expect(await close()).toMatchObject({ ok: true, changeRequest: { number: 1, state: 'closed' } })
      expect(await close()).toMatchObject({ ok: true, changeRequest: { number: 1, state: 'closed' } })
      expect(await find()).toMatchObject({ ok: true, changeRequest: { state: 'closed' } })
      expect(await publishedOid(branch)).toBe(first)
      expect(await push(await commit(first, 'more\n'), first)).toMatchObject({ ok: true })
      expect(await open()).toMatchObject({ ok: true, alreadyThere: false, changeRequest: { number: 2 } })
    })

    it('says when the change request to be changed does not exist', async () => {
      await prepare()
      const updated = await fixture.forge.updateChangeRequest({ repository: fixture.repository, number: 7, ...text, signal })
      expect(updated).toMatchObject({ ok: false, problem: 'not-found' })
      const closed = await fixture.forge.closeChangeRequest({ repository: fixture.repository, number: 7, signal })
      expect(closed).toMatchObject({ ok: false, problem: 'not-found' })
    })
  })
}

/** Puts a commit with one changed file into the session's quarantine, as the airlock would. */
export async function offerCommit(input: {
  home: string
  repository: RepositoryRef
  parent: string
  content: string
  path?: string
}): Promise<string> {
  const gitDir = await openQuarantine({ home: input.home, url: input.repository.url, sessionId: 's1' })
  const line = async (args: string[], stdin = '') => (await git({ args, gitDir, stdin, environment: identity })).toString().trim()
  const blob = await line(['hash-object', '-w', '--stdin'], input.content)
  const tree = await line(['mktree'], `100644 blob ${blob}\t${input.path ?? 'topic.txt'}\n`)
  return line(['commit-tree', tree, '-p', input.parent, '-m', 'Add a topic'])
}

const identity = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}
