import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { drawFrom } from '../secret-scan/testing/corpus.ts'
import { airlockFixture, type AirlockFixture } from '../testing/airlock-fixture.ts'

const tokenOf = (seed: number) => ['gh', 'p_', drawFrom(seed)('alnum', 36)].join('')

let fixture: AirlockFixture
let parentOid: string
const { signal } = new AbortController()

beforeEach(async () => {
  fixture = await airlockFixture({ 'a.txt': 'one\n', 'b.txt': 'one\n', 'c.txt': 'one\n' })
  parentOid = await fixture.offered({ 'a.txt': 'ours\n', 'own.txt': 'own\n' })
})
afterEach(() => fixture.remove())

/** Others change the base; the host fetches it. */
async function moveBase(files: Record<string, string>): Promise<string> {
  fixture.source.commit(files, 'Somebody else')
  const prepared = await prepareMirror({ home: fixture.home, url: fixture.source.path, base: 'main', credential: null })
  if (!prepared.ok) throw new Error(prepared.message)
  return prepared.baseOid
}

const takeIn = (oid: string) => {
  const { airlock, repository, sandbox } = fixture
  return airlock.takeIn({ repository, sessionId: 's1', sandbox, base: 'main', oid, parentOid, signal })
}
const offer = (mergeOid: string | null) => fixture.offer({ parentOid, mergeOid, message: 'Merge main' })
const read = (path: string) => readFileSync(join(fixture.tree, path), 'utf8')
const parentsOf = (oid: string) => fixture.agentGit(['log', '-1', '--format=%P', oid]).split(' ')

test('the base is merged into the work tree, conflicts are named, and the commit has both parents and shows only what is the session’s', async () => {
  // What others have put there is theirs to answer for.
  const oid = await moveBase({ 'a.txt': 'theirs\n', 'b.txt': 'theirs\n', 'example.txt': `${tokenOf(1)}\n` })
  expect(await takeIn(oid)).toEqual({ ok: true, isContained: false, conflicts: ['a.txt'] })
  expect([read('a.txt'), read('b.txt'), read('own.txt')]).toEqual([expect.stringMatching(/^<{7} HEAD\nours\n=/), 'theirs\n', 'own\n'])
  fixture.write({ 'a.txt': 'ours and theirs\n' })
  const result = await offer(oid)
  expect(result).toMatchObject({ ok: true, commit: { subject: 'Merge main', warnings: [] } })
  if (!result.ok) return
  expect(result.commit.files).toEqual([
    { path: 'a.txt', added: 1, removed: 1 },
    { path: 'own.txt', added: 1, removed: 0 },
  ])
  expect(parentsOf(result.commit.oid)).toEqual([parentOid, oid])
  expect(await offer(oid)).toEqual(result)
  // The session goes on from there, as it did before.
  fixture.write({ 'own.txt': 'more\n' })
  expect(await fixture.offer({ baseOid: oid, parentOid: result.commit.oid })).toMatchObject({ ok: true })
  const scanned = await fixture.airlock.scan({ ...scanOf(oid, result.commit.oid) })
  expect(scanned.result).toBe('clean')
})

const scanOf = (baseOid: string, oid: string) => ({ repository: fixture.repository, sessionId: 's1', baseOid, oid, texts: [], signal })

test('a try that was cut off is done again, and the commit contains the base also when the repository has forgotten the merge', async () => {
  const oid = await moveBase({ 'a.txt': 'theirs\n', 'b.txt': 'theirs\n' })
  fixture.write({ 'own.txt': 'not committed\n' })
  await takeIn(oid)
  // As after a restart: the files are those of the checkpoint, the repository has a merge begun.
  fixture.write({ 'a.txt': 'ours\n', 'b.txt': 'one\n' })
  expect(await takeIn(oid)).toMatchObject({ ok: true, conflicts: ['a.txt'] })
  expect([read('b.txt'), read('own.txt')]).toEqual(['theirs\n', 'not committed\n'])
  fixture.agentGit(['merge', '--quit'])
  fixture.agentGit(['reset', '--quiet'])
  fixture.write({ 'a.txt': 'both\n' })
  const result = await offer(oid)
  expect(result.ok && parentsOf(result.commit.oid)[1]).toBe(oid)
})

test('a commit that would take back what others did, or has marks left, is refused with what to do', async () => {
  const oid = await moveBase({ 'a.txt': 'theirs\n', 'b.txt': 'theirs\n', 'new.txt': 'new\n' })
  await takeIn(oid)
  expect(await offer(oid)).toMatchObject({
    ok: false,
    kind: 'refused',
    message: expect.stringMatching(/marks of conflicts left in a\.txt/),
  })
  fixture.write({ 'a.txt': 'both\n', 'b.txt': 'one\n' })
  expect(await offer(oid)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/would take back what the base has changed in b\.txt\. .*git checkout/),
  })
  fixture.write({ 'b.txt': 'theirs\n' })
  fixture.agentGit(['add', '--all'])
  fixture.agentGit(['-c', 'user.name=Slipway', '-c', 'user.email=slipway@localhost', 'commit', '--quiet', '-m', 'By hand'])
  expect(await offer(oid)).toMatchObject({ ok: true, commit: { subject: 'By hand' } })
})

test('history from elsewhere is refused beside the base too', async () => {
  const oid = await moveBase({ 'b.txt': 'theirs\n' })
  await takeIn(oid)
  const tree = fixture.agentGit(['write-tree'])
  const foreign = fixture.agentGit(['-c', 'user.name=x', '-c', 'user.email=x@x', 'commit-tree', '-m', 'foreign', tree])
  fixture.agentGit([
    'update-ref',
    'HEAD',
    fixture.agentGit([
      '-c',
      'user.name=x',
      '-c',
      'user.email=x@x',
      'commit-tree',
      '-p',
      parentOid,
      '-p',
      oid,
      '-p',
      foreign,
      '-m',
      'evil',
      tree,
    ]),
  ])
  expect(await offer(oid)).toMatchObject({ ok: false, message: expect.stringContaining('did not grow out of the base commit') })
})

test('a base that is in already changes nothing, and one with which nothing is shared is said', async () => {
  expect(await takeIn(fixture.baseOid)).toEqual({ ok: true, isContained: true, conflicts: [] })
  fixture.source.git(['commit', '--quiet', '--amend', '-m', 'Another beginning'])
  const oid = await moveBase({ 'b.txt': 'theirs\n' })
  expect(await takeIn(oid)).toMatchObject({ ok: false, message: expect.stringContaining('unrelated histories') })
})
