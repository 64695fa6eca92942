// The commit hook, through git, in a repository of its own that uses this checkout's hooks.

import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const hooks = resolve(import.meta.dirname, '../../.githooks')
const token = ['ghp', 'x7Kd92LmQp4RsT6vWyZ1bC3nF5gH8jA0eUiO'].join('_')

let repository: string

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'slipway-hook-'))
  await git('init', '-q')
  await git('config', 'core.hooksPath', hooks)
})

afterEach(() => rm(repository, { recursive: true, force: true }))

test('an ordinary change is committed', async () => {
  expect(await commit({ 'src/a.ts': 'export const a = 1\n', '.env.example': 'PORT=3000\n' })).toEqual({ ok: true })
})

test.each(['.env', '.env.local', 'apps/web/.env.production'])('%s is stopped', async (path) => {
  expect(await commit({ [path]: 'PORT=3000\n' })).toEqual({ ok: false, said: expect.stringContaining(`${path}: environment files`) })
})

test('a credential is stopped with its place, and is not shown', async () => {
  const result = await commit({ 'src/a.ts': `export const b = 1\nexport const a = '${token}'\n` })
  expect(result).toEqual({ ok: false, said: expect.stringContaining('src/a.ts:2: looks like a credential (github') })
  expect(JSON.stringify(result)).not.toContain(token)
})

test('a private key is stopped', async () => {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(await commit({ 'deploy/key.pem': key })).toMatchObject({ ok: false })
})

test('what is staged counts, not what lies in the folder', async () => {
  await write('a.txt', token)
  await git('add', 'a.txt')
  await write('a.txt', 'harmless')
  expect(await tryCommit()).toMatchObject({ ok: false })
})

test('what was there before stops no commit that leaves it alone', async () => {
  await write('a.txt', `${token}\n`)
  await git('add', 'a.txt')
  await git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '--no-verify', '-m', 'before')
  expect(await commit({ 'a.txt': `${token}\nanother line\n` })).toEqual({ ok: true })
})

test('a placeholder passes', async () => {
  expect(await commit({ 'a.txt': `ghp_${'x'.repeat(36)}\n` })).toEqual({ ok: true })
})

async function commit(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) await write(path, text)
  await git('add', '--force', '--', ...Object.keys(files))
  return tryCommit()
}

async function tryCommit(): Promise<{ ok: true } | { ok: false; said: string }> {
  try {
    await git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'change')
    return { ok: true }
  } catch (error) {
    return { ok: false, said: (error as { stderr: string }).stderr }
  }
}

function git(...args: string[]) {
  return promisify(execFile)('git', args, { cwd: repository })
}

async function write(path: string, text: string) {
  await mkdir(dirname(join(repository, path)), { recursive: true })
  await writeFile(join(repository, path), text)
}
