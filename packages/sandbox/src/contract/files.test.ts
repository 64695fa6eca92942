import { createHash } from 'node:crypto'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

describe.each(backendsUnderTest())('files in %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
    sandbox = await bench.create()
  })
  afterAll(() => bench.close())

  test('reads a part with the size and hash of the whole', async () => {
    await sandbox.writeFile('deep/er/file.txt', Buffer.from('0123456789'), {})
    const read = await sandbox.readFile('deep/er/file.txt', { offset: 2, maxBytes: 3 })
    expect(read.ok && { text: text(read.bytes), totalBytes: read.totalBytes, sha: read.sha }).toEqual({
      text: '234',
      totalBytes: 10,
      sha: sha('0123456789'),
    })
  })

  test('writes only over what the writer has seen, and keeps the mode', async () => {
    expect(await sandbox.writeFile('once', Buffer.from('a'), { expectedSha: null })).toEqual({ ok: true, sha: sha('a'), created: true })
    expect(await sandbox.writeFile('once', Buffer.from('b'), { expectedSha: null })).toMatchObject({ ok: false, problem: 'changed' })
    await sh(sandbox, 'chmod 755 once')
    expect(await sandbox.writeFile('once', Buffer.from('b'), { expectedSha: sha('x') })).toMatchObject({ ok: false, problem: 'changed' })
    expect(await sandbox.writeFile('once', Buffer.from('b'), { expectedSha: sha('a') })).toEqual({
      ok: true,
      sha: sha('b'),
      created: false,
    })
    expect(await sandbox.writeFile('never', Buffer.from('b'), { expectedSha: sha('a') })).toMatchObject({ ok: false, problem: 'changed' })
    expect((await sh(sandbox, 'stat -c %a once; ls -A | grep slipway-')).stdout).toBe('755\n')
  })

  test('names the problem of what cannot be read or written', async () => {
    await sh(sandbox, 'mkfifo pipe; mkdir directory; ln -s loop-b loop-a; ln -s loop-a loop-b; touch secret; chmod 0 secret')
    const problems = await Promise.all(
      ['nothing', 'directory', 'pipe', '../x', '/etc/passwd', 'loop-a', 'a\0b', 'once/below'].map(async (path) => {
        const read = await sandbox.readFile(path, { maxBytes: 10 })
        return read.ok ? 'ok' : read.problem
      }),
    )
    expect(problems).toEqual(['missing', 'directory', 'special', 'outside', 'outside', 'special', 'outside', 'missing'])
    for (const path of ['directory', 'pipe', '../x', '/etc/x']) expect((await sandbox.writeFile(path, Buffer.from('x'), {})).ok).toBe(false)
  })

  test('follows links inside the tree and none that leave it', async () => {
    await sh(
      sandbox,
      `echo inside > real; ln -s real good; ln -s ${sandbox.root}/real absolute; ln -s /etc/passwd passwd; ln -s /proc/self/environ environ; ln -s ../../../etc/hosts dots; ln -s / root; mkdir d; ln -s ../real d/up`,
    )
    for (const path of ['good', 'absolute', 'd/up'])
      expect(await sandbox.readFile(path, { maxBytes: 10 })).toMatchObject({ ok: true, totalBytes: 7 })
    for (const path of ['passwd', 'environ', 'dots', 'root/etc/passwd']) {
      expect(await sandbox.readFile(path, { maxBytes: 10 })).toMatchObject({ ok: false, problem: 'outside' })
      expect(await sandbox.writeFile(path, Buffer.from('x'), {})).toMatchObject({ ok: false, problem: 'outside' })
    }
  })

  test('a link that flips while it is read never shows a file outside', async () => {
    await sh(sandbox, 'echo mine > mine.txt; mkdir -p race/mine race/theirs; echo mine > race/mine/passwd')
    const flip = `mkdir -p race/x; while :; do ln -sfn mine race/link; ln -sfn /etc race/link; done`
    const stop = new AbortController()
    const flipping = sandbox.exec({ argv: ['bash', '-c', flip], timeoutMs: 30_000, signal: stop.signal })
    const seen = new Set<string>()
    for (let round = 0; round < 300; round += 1) {
      const read = await sandbox.readFile('race/link/passwd', { maxBytes: 1_000 })
      seen.add(read.ok ? text(read.bytes) : read.problem)
    }
    stop.abort()
    await flipping
    expect([...seen].filter((each) => !['mine\n', 'outside', 'missing'].includes(each))).toEqual([])
  })

  test('lists in name order, to a depth, with or without ignored files', async () => {
    const own = await bench.create()
    await sh(
      own,
      `mkdir -p src/deep .git out; touch src/b.ts src/a.ts src/deep/c.ts out/x.js big.log .git/config; printf 'out/\\n*.log\\n' > .gitignore; ln -s src link`,
    )
    const listed = await own.list('', { depth: 2, limit: 100, all: false })
    expect(listed.ok && listed.entries.map((entry) => `${entry.kind} ${entry.path}`)).toEqual([
      'file .gitignore',
      'symlink link',
      'directory src',
      'file src/a.ts',
      'file src/b.ts',
      'directory src/deep',
    ])
    const all = await own.list('', { depth: 9, limit: 4, all: true })
    expect(all).toMatchObject({ ok: true, truncated: true })
    expect(await own.list('big.log', { depth: 1, limit: 1, all: true })).toMatchObject({ ok: false })
  })

  test('searches text files, honours globs and ignore files, and survives an endless expression', async () => {
    const own = await bench.create()
    await sh(
      own,
      `mkdir src out; echo 'const Needle = 1' > src/a.ts; echo 'needle' > src/b.md; echo needle > out/c.ts; echo out > .gitignore; printf 'needle\\0' > bin; printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' > evil`,
    )
    expect(await own.search({ pattern: 'needle', path: '', glob: null, limit: 10, ignoreCase: true })).toEqual({
      ok: true,
      truncated: false,
      matches: [
        { path: 'src/a.ts', line: 1, text: 'const Needle = 1' },
        { path: 'src/b.md', line: 1, text: 'needle' },
      ],
    })
    expect(await own.search({ pattern: 'needle', path: 'src', glob: '*.ts', limit: 10, ignoreCase: true })).toMatchObject({
      matches: [{ path: 'src/a.ts' }],
    })
    expect(await own.search({ pattern: '(', path: '', glob: null, limit: 10, ignoreCase: false })).toMatchObject({ ok: false })
    const stop = new AbortController()
    const endless = own.search({ pattern: '^(a+)+$', path: '', glob: 'evil', limit: 1, ignoreCase: false, signal: stop.signal })
    expect((await sh(own, 'echo alive')).stdout).toBe('alive\n')
    stop.abort()
    expect(await endless).toMatchObject({ ok: false })
  })
})
