import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RepositoryRef } from '@slipway/core/events'
import { openRepositories } from './open-repositories.ts'
import { prepareMirror } from './prepare-mirror.ts'
import { scratchFolder, scratchRepository } from './testing/scratch-repository.ts'
import type { Scratch } from './testing/scratch-repository.ts'

let folder: ReturnType<typeof scratchFolder>
let source: Scratch
let repository: RepositoryRef
let home: string
beforeEach(() => {
  folder = scratchFolder()
  home = join(folder.path, 'home')
  source = scratchRepository(join(folder.path, 'app'))
  repository = { url: source.path, forge: 'local', slug: null, base: null }
})
afterEach(() => folder.remove())

async function prepared() {
  expect(await prepareMirror({ home, url: source.path, base: null, credential: null })).toMatchObject({ ok: true })
  return openRepositories({ home })
}

test('files are read by path, links inside the tree followed, links out of it not', async () => {
  source.write('docs/AGENTS.md', 'Grüße\n')
  symlinkSync('docs/AGENTS.md', join(source.path, 'AGENTS.md'))
  symlinkSync('/etc/passwd', join(source.path, 'outside'))
  const oid = source.commit({ 'src/a.ts': 'a\n' })
  const { readFile } = await prepared()
  const read = (path: string, maxBytes = 100) => readFile({ repository, oid, path, maxBytes })
  expect(await read('AGENTS.md')).toBe('Grüße\n')
  expect(await read('AGENTS.md', 3)).toBe('Gr')
  expect(await read('outside')).toBe(null)
  expect(await read('src')).toBe(null)
  expect(await read('missing')).toBe(null)
  expect(await read('../app/src/a.ts')).toBe(null)
})

test('files are listed in order up to the limit, with names as they are', async () => {
  const oid = source.commit({ 'b.txt': '', 'a/é "x"\n.txt': '', 'a.txt': '' })
  const { listFiles } = await prepared()
  expect(await listFiles({ repository, oid, limit: 10 })).toEqual({ paths: ['a.txt', 'a/é "x"\n.txt', 'b.txt'], truncated: false })
  expect(await listFiles({ repository, oid, limit: 2 })).toEqual({ paths: ['a.txt', 'a/é "x"\n.txt'], truncated: true })
})

test('recent commits are one line each, newest first', async () => {
  source.commit({ a: '1' }, 'First\n\nBody')
  const oid = source.commit({ a: '2' }, 'Second')
  const { recentCommits } = await prepared()
  expect((await recentCommits({ repository, oid, limit: 5 })).map((line) => line.replace(/^\S+ /, ''))).toEqual(['Second', 'First'])
})

test('a bundle holds base and work under these names and can be cloned', async () => {
  const baseOid = source.commit({ a: '1' })
  const workOid = source.commit({ a: '2' })
  const { bundle } = await prepared()
  const file = join(folder.path, 'x.bundle')
  const chunks: Uint8Array[] = []
  for await (const chunk of bundle({ repository, sessionId: 's1', baseOid, workOid })) chunks.push(chunk)
  writeFileSync(file, Buffer.concat(chunks))
  expect(execFileSync('git', ['ls-remote', file]).toString().trim().split('\n').sort()).toEqual(
    [`${baseOid}\trefs/heads/base`, `${workOid}\trefs/heads/work`].sort(),
  )
  execFileSync('git', ['clone', '--quiet', '--branch=work', file, join(folder.path, 'clone')])
})

test('a reader that stops early ends the bundle without an error', async () => {
  const baseOid = source.commit({ a: 'x'.repeat(100_000) })
  const { bundle } = await prepared()
  for await (const chunk of bundle({ repository, sessionId: 's1', baseOid, workOid: null })) {
    expect(chunk.length).toBeGreaterThan(0)
    break
  }
})

test('a repository that was never prepared is named in the error', async () => {
  await expect(openRepositories({ home }).readFile({ repository, oid: 'a'.repeat(40), path: 'x', maxBytes: 1 })).rejects.toThrow(
    source.path,
  )
})
