import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gitCredential } from './git-credential.ts'
import { mirrorPath } from './host-paths.ts'
import { openRepositories } from './open-repositories.ts'
import { prepareMirror } from './prepare-mirror.ts'
import { scratchFolder, scratchRepository } from './testing/scratch-repository.ts'
import { serveRepositories } from './testing/serve-repositories.ts'

let folder: ReturnType<typeof scratchFolder>
let home: string
beforeEach(() => {
  folder = scratchFolder()
  home = join(folder.path, 'home')
})
afterEach(() => folder.remove())

test('a work tree of the user is mirrored at its current branch', async () => {
  const repository = scratchRepository(join(folder.path, 'app'))
  const oid = repository.commit({ 'a.txt': 'a\n' })
  const prepared = await prepareMirror({ home, url: repository.path, base: null, credential: null })
  expect(prepared).toEqual({ ok: true, mirror: expect.stringContaining('/mirrors/'), baseBranch: 'main', baseOid: oid })
})

test('the mirror follows the branch, and keeps a base that was rewritten upstream', async () => {
  const repository = scratchRepository(join(folder.path, 'app'))
  const first = repository.commit({ 'a.txt': 'a\n' })
  await prepareMirror({ home, url: repository.path, base: 'main', credential: null })
  repository.git(['commit', '--quiet', '--amend', '-m', 'Rewritten'])
  const second = repository.git(['rev-parse', 'HEAD'])
  expect(await prepareMirror({ home, url: repository.path, base: 'main', credential: null })).toMatchObject({ ok: true, baseOid: second })
  execFileSync('git', ['--git-dir', mirrorPath(home, repository.path), 'gc', '--quiet', '--prune=now'])
  const repositories = openRepositories({ home })
  const ref = { url: repository.path, forge: 'local' as const, slug: null, base: null }
  expect(await repositories.readFile({ repository: ref, oid: first, path: 'a.txt', maxBytes: 10 })).toBe('a\n')
})

test('what a killed git left locked does not stop the next one', async () => {
  const repository = scratchRepository(join(folder.path, 'app'))
  repository.commit({ 'a.txt': 'a\n' })
  const prepared = await prepareMirror({ home, url: repository.path, base: null, credential: null })
  if (!prepared.ok) throw new Error(prepared.message)
  const oid = repository.commit({ 'a.txt': 'b\n' })
  execFileSync('git', ['--git-dir', prepared.mirror, 'pack-refs', '--all'])
  const kept = execFileSync('git', ['--git-dir', prepared.mirror, 'for-each-ref', '--format=%(refname)'], { encoding: 'utf8' }).trim()
  mkdirSync(join(prepared.mirror, kept, '..'), { recursive: true })
  for (const lock of ['packed-refs.lock', `${kept.replace(prepared.baseOid, oid)}.lock`]) writeFileSync(join(prepared.mirror, lock), '')
  expect(await prepareMirror({ home, url: repository.path, base: null, credential: null })).toMatchObject({ ok: true, baseOid: oid })
})

test('eight callers at once prepare one mirror', async () => {
  const repository = scratchRepository(join(folder.path, 'app'))
  const oid = repository.commit({ 'a.txt': 'a\n' })
  const all = await Promise.all(
    Array.from({ length: 8 }, () => prepareMirror({ home, url: repository.path, base: null, credential: null })),
  )
  expect(all.map((result) => result.ok && result.baseOid)).toEqual(Array(8).fill(oid))
})

test('problems have a kind: empty, missing repository, missing branch, shallow', async () => {
  const empty = scratchRepository(join(folder.path, 'empty'))
  expect(await prepareMirror({ home, url: empty.path, base: null, credential: null })).toMatchObject({
    ok: false,
    problem: 'empty-repository',
  })
  expect(await prepareMirror({ home, url: join(folder.path, 'none'), base: null, credential: null })).toMatchObject({
    ok: false,
    problem: 'not-found',
  })
  const full = scratchRepository(join(folder.path, 'full'))
  full.commit({ a: '1' })
  full.commit({ a: '2' })
  expect(await prepareMirror({ home, url: full.path, base: 'nope', credential: null })).toMatchObject({
    ok: false,
    problem: 'not-found',
    message: expect.stringContaining('no branch nope'),
  })
  full.git(['clone', '--quiet', '--depth=1', `file://${full.path}`, join(folder.path, 'shallow')])
  expect(await prepareMirror({ home, url: join(folder.path, 'shallow'), base: null, credential: null })).toMatchObject({
    ok: false,
    problem: 'refused',
    message: expect.stringContaining('--unshallow'),
  })
})

test('nothing that the settings of a repository name is run', async () => {
  const repository = scratchRepository(join(folder.path, 'app'))
  repository.commit({ 'a.txt': 'a\n', '.gitattributes': '* filter=evil diff=evil\n' })
  const marker = join(folder.path, 'marker')
  const script = join(folder.path, 'evil.sh')
  writeFileSync(script, `#!/bin/sh\ntouch ${marker}\ncat\n`)
  chmodSync(script, 0o755)
  for (const name of [
    'core.fsmonitor',
    'core.sshCommand',
    'core.alternateRefsCommand',
    'uploadpack.packObjectsHook',
    'filter.evil.clean',
    'filter.evil.smudge',
    'diff.evil.textconv',
    'diff.external',
    'core.pager',
    'core.editor',
    'gpg.program',
    'remote.origin.uploadpack',
  ]) {
    repository.git(['config', name, script])
  }
  for (const hook of [
    'reference-transaction',
    'post-checkout',
    'pre-auto-gc',
    'post-index-change',
    'pre-receive',
    'post-receive',
    'update',
  ]) {
    writeFileSync(join(repository.path, '.git/hooks', hook), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
  }
  expect(await prepareMirror({ home, url: repository.path, base: null, credential: null })).toMatchObject({ ok: true })
  expect(existsSync(marker)).toBe(false)
})

test('addresses that could run or leak something are refused before git sees them', async () => {
  for (const url of [
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=touch /tmp/x',
    'https://user:pass@example.org/a.git',
    'ssh://git@example.org/a',
    'git@example.org:a/b',
    'http://example.org/a.git',
    'https://example.org/a\n.git',
    '',
  ]) {
    expect(await prepareMirror({ home, url, base: null, credential: null })).toMatchObject({ ok: false, problem: 'refused' })
  }
  const repository = scratchRepository(join(folder.path, 'app'))
  repository.commit({ a: '1' })
  expect(await prepareMirror({ home, url: repository.path, base: '--output=/tmp/x', credential: null })).toMatchObject({
    ok: false,
    problem: 'not-found',
  })
})

test('a wrong credential is an auth problem, and its text is never repeated', async () => {
  const repository = scratchRepository(join(folder.path, 'served'))
  const oid = repository.commit({ a: '1' })
  const server = await serveRepositories(folder.path, { username: 'x-access-token', password: 'right-password' })
  try {
    const url = `${server.url}/served/.git`
    const wrong = await prepareMirror({ home, url, base: null, credential: gitCredential('x-access-token', 'wrong-password') })
    expect(wrong).toMatchObject({ ok: false, problem: 'auth' })
    expect(JSON.stringify(wrong)).not.toContain('wrong-password')
    expect(await prepareMirror({ home, url, base: null, credential: null })).toMatchObject({ ok: false, problem: 'auth' })
    expect(await prepareMirror({ home, url, base: null, credential: gitCredential('x-access-token', 'right-password') })).toMatchObject({
      ok: true,
      baseOid: oid,
    })
  } finally {
    await server.close()
  }
})

test('a redirect to another host does not get the credential', async () => {
  const repository = scratchRepository(join(folder.path, 'served'))
  repository.commit({ a: '1' })
  const other = await serveRepositories(folder.path, { username: 'nobody', password: 'nothing' })
  const server = await serveRepositories(folder.path, null)
  server.redirectTo = other.url
  try {
    const result = await prepareMirror({
      home,
      url: `${server.url}/served/.git`,
      base: null,
      credential: gitCredential('x-access-token', 'right-password'),
    })
    expect(result).toMatchObject({ ok: false, problem: 'auth' })
    expect(other.authorizations.length).toBeGreaterThan(0)
    expect(other.authorizations.every((header) => header === undefined)).toBe(true)
  } finally {
    await server.close()
    await other.close()
  }
})

test('a server that is not there is a network problem', async () => {
  const server = await serveRepositories(folder.path, null)
  await server.close()
  expect(await prepareMirror({ home, url: `${server.url}/x.git`, base: null, credential: null })).toMatchObject({
    ok: false,
    problem: 'network',
  })
})
