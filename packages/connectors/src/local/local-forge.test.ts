import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RepositoryRef } from '@slipway/core/events'
import type { Clock } from '@slipway/core/ports'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { git } from '@slipway/git/run-git'
import { scratchFolder, scratchRepository } from '@slipway/git/testing/scratch-repository'
import type { Scratch } from '@slipway/git/testing/scratch-repository'
import { diffChangeRequest, listChangeRequests, showChangeRequest } from './change-requests.ts'
import { mergeChangeRequest } from './merge-change-request.ts'
import { openLocalForge } from './open-local-forge.ts'

let folder: ReturnType<typeof scratchFolder>
let home: string
let user: Scratch
let repository: RepositoryRef
let baseOid: string
const signal = new AbortController().signal
const clock: Clock = { now: () => Date.UTC(2026, 0, 1), sleep: async () => {} }
const branch = 'slipway/s1-fix'
const merger = { name: 'Ada', email: 'ada@example.org' }

beforeEach(async () => {
  folder = scratchFolder()
  home = join(folder.path, 'home')
  user = scratchRepository(join(folder.path, 'app'))
  baseOid = user.commit({ 'a.txt': 'one\n', 'b.txt': 'b\n' })
  repository = { url: user.path, forge: 'local', slug: null, base: null }
})
afterEach(() => folder.remove())

const forge = () => openLocalForge({ home, clock })
const open = (changes: object = {}) =>
  forge().openChangeRequest({ repository, branch, base: 'main', title: 'Fix it', body: 'Because.', draft: false, signal, ...changes })

/** A commit as the airlock leaves it: in the session's quarantine, on top of the base. */
async function offered(content: string): Promise<string> {
  const prepared = await forge().prepare({ repository, signal })
  if (!prepared.ok) throw new Error(prepared.message)
  const gitDir = await openQuarantine({ home, url: repository.url, sessionId: 's1' })
  const blob = (await git({ args: ['hash-object', '-w', '--stdin'], gitDir, stdin: content })).toString().trim()
  const tree = (
    await git({
      args: ['mktree'],
      gitDir,
      stdin: `100644 blob ${blob}\ta.txt\n100644 blob ${user.git(['rev-parse', `${baseOid}:b.txt`])}\tb.txt\n`,
    })
  )
    .toString()
    .trim()
  const environment = {
    GIT_AUTHOR_NAME: 'S',
    GIT_AUTHOR_EMAIL: 's@example.org',
    GIT_COMMITTER_NAME: 'S',
    GIT_COMMITTER_EMAIL: 's@example.org',
  }
  return (await git({ args: ['commit-tree', '-p', prepared.baseOid, '-m', 'Fix', tree], gitDir, environment })).toString().trim()
}

async function published(content = 'two\n'): Promise<string> {
  const oid = await offered(content)
  expect(await forge().push({ repository, sessionId: 's1', oid, branch, expectedOid: null, signal })).toEqual({
    ok: true,
    alreadyThere: false,
  })
  return oid
}

test('a branch is pushed, a change request opened, listed, shown and compared', async () => {
  const oid = await published()
  const changeRequest = {
    number: 1,
    url: expect.stringContaining('/app#change-request-1'),
    branch,
    base: 'main',
    draft: false,
    state: 'open',
    title: 'Fix it',
  }
  expect(await open()).toEqual({ ok: true, alreadyThere: false, changeRequest })
  expect(await listChangeRequests({ path: user.path })).toMatchObject({
    ok: true,
    changeRequests: [{ ...changeRequest, body: 'Because.', headOid: oid, forkOid: baseOid }],
  })
  expect(await showChangeRequest({ path: user.path, number: 1 })).toMatchObject({ ok: true, changeRequest })
  const compared = await diffChangeRequest({ path: user.path, number: 1, maxBytes: 10_000 })
  expect(compared).toMatchObject({ ok: true, truncated: false, diff: expect.stringContaining('-one\n+two') })
  expect(await forge().findChangeRequest({ repository, branch, signal })).toEqual({ ok: true, changeRequest })
  expect(user.git(['status', '--porcelain'])).toBe('')
})

test('a change request for a branch that was never pushed is refused', async () => {
  expect(await open()).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining('was not pushed') })
  expect(await forge().findChangeRequest({ repository, branch, signal })).toEqual({ ok: true, changeRequest: null })
})

test('a repeated call finds the change request, also when ten come at once', async () => {
  await published()
  const all = await Promise.all(Array.from({ length: 10 }, () => open()))
  expect(all.map((result) => result.ok && result.changeRequest.number)).toEqual(Array(10).fill(1))
  expect(all.filter((result) => result.ok && !result.alreadyThere)).toHaveLength(1)
})

test('numbers are given once when branches come at once', async () => {
  const oid = await published()
  const branches = Array.from({ length: 8 }, (_, index) => `slipway/many-${index}`)
  for (const name of branches) user.git(['branch', name, oid])
  const all = await Promise.all(branches.map((name) => open({ branch: name })))
  expect(all.map((result) => (result.ok ? result.changeRequest.number : 0)).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('title, text and draft can be changed', async () => {
  await published()
  await open({ draft: true })
  expect(await forge().updateChangeRequest({ repository, number: 1, title: 'Better', body: 'New', draft: false, signal })).toMatchObject({
    ok: true,
    changeRequest: { title: 'Better', draft: false },
  })
  expect(await forge().updateChangeRequest({ repository, number: 9, title: '', body: '', draft: false, signal })).toMatchObject({
    ok: false,
    problem: 'not-found',
  })
})

test('a base that is checked out is not moved; the person is told what to type, and that counts as merged', async () => {
  await published()
  await open()
  const refused = await mergeChangeRequest({ home, path: user.path, number: 1, clock, merger })
  expect(refused).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining(`git -C ${user.path} merge ${branch}`) })
  expect(user.git(['rev-parse', 'main'])).toBe(baseOid)
  user.git(['merge', '--quiet', branch])
  expect(await showChangeRequest({ path: user.path, number: 1 })).toMatchObject({ ok: true, changeRequest: { state: 'merged' } })
  expect(await diffChangeRequest({ path: user.path, number: 1, maxBytes: 10_000 })).toMatchObject({
    ok: true,
    diff: expect.stringContaining('+two'),
  })
})

test('in a bare repository the base is fast-forwarded', async () => {
  const bare = join(folder.path, 'bare.git')
  user.git(['clone', '--quiet', '--bare', user.path, bare])
  repository = { ...repository, url: bare }
  const oid = await published()
  await open()
  expect(await mergeChangeRequest({ home, path: bare, number: 1, clock, merger })).toEqual({ ok: true, mergedOid: oid, fastForward: true })
  expect(user.git(['rev-parse', 'main'], { cwd: bare })).toBe(oid)
  expect(await mergeChangeRequest({ home, path: bare, number: 1, clock, merger })).toMatchObject({ ok: false, problem: 'refused' })
  expect(await open()).toMatchObject({ ok: true, alreadyThere: true, changeRequest: { number: 1, state: 'merged' } })
})

test('a base that moved on gets a merge commit, without hooks, merge drivers or changes to the work tree', async () => {
  const oid = await published()
  await open()
  const marker = join(folder.path, 'marker')
  const evil = `sh -c 'touch ${marker}'`
  const mainOid = user.commit({ 'b.txt': 'b2\n', '.gitattributes': '* merge=evil\n' })
  user.git(['checkout', '--quiet', '-b', 'aside'])
  writeFileSync(join(user.path, '.git/info/attributes'), '* merge=evil\n')
  user.git(['config', 'merge.evil.driver', evil])
  for (const hook of ['update', 'post-receive', 'reference-transaction', 'pre-merge-commit', 'post-merge'])
    writeFileSync(join(user.path, '.git/hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
  const merged = await mergeChangeRequest({ home, path: user.path, number: 1, clock, merger })
  expect(merged).toMatchObject({ ok: true, fastForward: false })
  expect(existsSync(marker)).toBe(false)
  expect(user.git(['rev-parse', 'main^1', 'main^2', 'HEAD']).split('\n')).toEqual([mainOid, oid, mainOid])
  expect(user.git(['show', 'main:a.txt'])).toBe('two')
  expect(readFileSync(join(user.path, 'a.txt'), 'utf8')).toBe('one\n')
})

test('conflicting changes are named and nothing moves', async () => {
  await published()
  await open()
  const mainOid = user.commit({ 'a.txt': 'three\n' })
  user.git(['checkout', '--quiet', '-b', 'aside'])
  expect(await mergeChangeRequest({ home, path: user.path, number: 1, clock, merger })).toMatchObject({
    ok: false,
    problem: 'conflict',
    message: expect.stringContaining('a.txt'),
  })
  expect(user.git(['rev-parse', 'main'])).toBe(mainOid)
})

test('a draft is not merged', async () => {
  await published()
  await open({ draft: true })
  user.git(['checkout', '--quiet', '-b', 'aside'])
  expect(await mergeChangeRequest({ home, path: user.path, number: 1, clock, merger })).toMatchObject({
    ok: false,
    problem: 'refused',
    message: expect.stringContaining('draft'),
  })
})

test('a path without a repository is said so', async () => {
  expect(await listChangeRequests({ path: join(folder.path, 'none') })).toMatchObject({ ok: false, problem: 'not-found' })
  expect(await listChangeRequests({ path: 'https://example.org/a.git' })).toMatchObject({ ok: false, problem: 'refused' })
})
