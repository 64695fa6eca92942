import { readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quarantinePath } from '@slipway/git/host-paths'
import { airlockFixture } from '../testing/airlock-fixture.ts'
import type { AirlockFixture } from '../testing/airlock-fixture.ts'
import { readFingerprintKey } from './fingerprint-key.ts'
import { scanCommits } from './scan-commits.ts'
import { drawFrom } from './testing/corpus.ts'

const tokenOf = (seed: number) => ['gh', 'p_', drawFrom(seed)('alnum', 36)].join('')

let fixture: AirlockFixture
beforeEach(async () => {
  fixture = await airlockFixture({ 'a.txt': 'one\n', 'old.txt': `known ${tokenOf(99)}\n` })
})
afterEach(() => fixture.remove())

const scan = (oid: string, texts: string[] = [], baseOid = fixture.baseOid) =>
  fixture.airlock.scan({ repository: fixture.repository, sessionId: 's1', baseOid, oid, texts, signal: new AbortController().signal })
const settings = (changes: object) => ({
  home: fixture.home,
  gitDir: quarantinePath(fixture.home, 's1'),
  maxFileBytes: 1e6,
  timeoutMs: 60_000,
  ...changes,
})
const at = (result: Awaited<ReturnType<typeof scan>>) => result.findings.map(({ rule, path, line }) => `${rule} ${path}:${line}`)

test('a clean commit is clean, with its bytes counted', async () => {
  const oid = await fixture.offered({ 'a.txt': 'two\n' })
  const result = await scan(oid)
  expect(result).toEqual({ result: 'clean', findings: [], scannedBytes: expect.any(Number), ms: expect.any(Number) })
  expect(result.scannedBytes).toBeGreaterThan(4)
})

test('a secret in a new file blocks, with its place and without its value', async () => {
  const oid = await fixture.offered({ 'src/config.ts': `// settings\nconst token = '${tokenOf(1)}'\n` })
  const result = await scan(oid)
  expect(result).toMatchObject({
    result: 'findings',
    findings: [{ rule: 'github-token', path: 'src/config.ts', line: 2, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) }],
  })
  expect(JSON.stringify(result)).not.toContain(tokenOf(1).slice(4, 12))
})

test('a secret that a later commit removed is found in the history', async () => {
  fixture.write({ 'secret.txt': tokenOf(2) })
  fixture.agentGit(['add', '-A'])
  fixture.agentGit(['commit', '-qm', 'Add'])
  rmSync(join(fixture.tree, 'secret.txt'))
  const oid = await fixture.offered({ 'a.txt': 'two\n' })
  expect(at(await scan(oid))).toEqual(['github-token secret.txt:1'])
})

test('a secret in a commit message, a file name, a link or a given text is found', async () => {
  fixture.write({ 'a.txt': 'two\n', [`notes-${tokenOf(4)}.txt`]: 'x' })
  symlinkSync(tokenOf(5), join(fixture.tree, 'link'))
  fixture.agentGit(['add', '-A'])
  fixture.agentGit(['commit', '-qm', `Use ${tokenOf(3)}`])
  const offer = await fixture.offer()
  const oid = offer.ok ? offer.commit.oid : ''
  const found = at(await scan(oid, ['Title', `Body\n${tokenOf(6)}`]))
  expect(found).toEqual([
    expect.stringMatching(/^github-token link:1$/),
    expect.stringMatching(/^github-token commit [0-9a-f]{12}:\d+$/),
    expect.stringMatching(/^github-token file names:\d+$/),
    'github-token text 2:2',
  ])
})

test('what a changed file held in the base already is not reported again', async () => {
  const oid = await fixture.offered({ 'old.txt': `known ${tokenOf(99)}\nmore\n` })
  expect((await scan(oid)).result).toBe('clean')
  const worse = await fixture.offered({ 'old.txt': `known ${tokenOf(99)}\n${tokenOf(7)}\n` })
  expect(at(await scan(worse))).toEqual(['github-token old.txt:2'])
})

test('the same value has the same fingerprint here, and another one elsewhere', async () => {
  const oid = await fixture.offered({ 'x.txt': tokenOf(8), 'y.txt': `again ${tokenOf(8)}` })
  const prints = (await scan(oid)).findings.map(({ fingerprint }) => fingerprint)
  expect(new Set(prints).size).toBe(1)
  expect(prints).toHaveLength(2)
  const other = await readFingerprintKey(join(fixture.folder, 'other-home'))
  expect(other.equals(readFileSync(join(fixture.home, 'scan-fingerprint.key')))).toBe(false)
  expect(statSync(join(fixture.home, 'scan-fingerprint.key')).mode & 0o777).toBe(0o600)
})

test('a scan that hangs is ended at its limit and blocks', async () => {
  const oid = await fixture.offered({ 'a.txt': 'two\n' })
  const result = await scanCommits(
    { baseOid: fixture.baseOid, oid, texts: [], signal: new AbortController().signal },
    settings({ timeoutMs: 800, thread: new URL('./testing/hanging-thread.ts', import.meta.url) }),
  )
  expect(result.result).toBe('timed-out')
})

test('a scan that crashes blocks', async () => {
  const oid = await fixture.offered({ 'a.txt': 'two\n' })
  for (const thread of [new URL('./testing/dying-thread.ts', import.meta.url), new URL('./testing/missing-thread.ts', import.meta.url)]) {
    const result = await scanCommits(
      { baseOid: fixture.baseOid, oid, texts: [], signal: new AbortController().signal },
      settings({ thread }),
    )
    expect(result.result).toBe('failed')
  }
})

test('a file that is too large to be searched blocks', async () => {
  const oid = await fixture.offered({ 'large.txt': 'x\n'.repeat(10_000) })
  const result = await scanCommits(
    { baseOid: fixture.baseOid, oid, texts: [], signal: new AbortController().signal },
    settings({ maxFileBytes: 10_000 }),
  )
  expect(result.result).toBe('failed')
})

test('a commit that the quarantine does not have blocks', async () => {
  expect((await scan('a'.repeat(40))).result).toBe('failed')
})

test('a stopped scan is not clean', async () => {
  const oid = await fixture.offered({ 'a.txt': 'two\n' })
  const result = await fixture.airlock.scan({
    repository: fixture.repository,
    sessionId: 's1',
    baseOid: fixture.baseOid,
    oid,
    texts: [],
    signal: AbortSignal.abort(),
  })
  expect(result.result).toBe('failed')
})
