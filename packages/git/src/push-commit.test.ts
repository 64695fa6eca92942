import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gitCredential } from './git-credential.ts'
import { prepareMirror } from './prepare-mirror.ts'
import { pushCommit, pushToBranch } from './push-commit.ts'
import { scratchFolder, scratchRepository } from './testing/scratch-repository.ts'
import type { Scratch } from './testing/scratch-repository.ts'
import { serveRepositories } from './testing/serve-repositories.ts'

let folder: ReturnType<typeof scratchFolder>
let work: Scratch
let remote: string
let first: string
let second: string
const branch = 'slipway/s1-fix'

beforeEach(() => {
  folder = scratchFolder()
  work = scratchRepository(join(folder.path, 'work'))
  first = work.commit({ a: '1' })
  remote = join(folder.path, 'remote.git')
  work.git(['clone', '--quiet', '--bare', work.path, remote])
  work.git(['config', 'http.receivepack', 'true'], { cwd: remote })
  second = work.commit({ a: '2' })
})
afterEach(() => folder.remove())

const gitDir = () => join(work.path, '.git')
const branchOf = (name: string) =>
  execFileSync('git', ['--git-dir', remote, 'for-each-ref', '--format=%(objectname)', `refs/heads/${name}`])
    .toString()
    .trim()
const push = (oid: string, expectedOid: string | null, changes: Partial<Parameters<typeof pushCommit>[0]> = {}) =>
  pushCommit({ gitDir: gitDir(), url: remote, oid, branch, expectedOid, credential: null, ...changes })

test('exactly the given object arrives on exactly the given branch', async () => {
  expect(await push(first, null)).toEqual({ ok: true, alreadyThere: false })
  expect(branchOf(branch)).toBe(first)
  expect(await push(second, first)).toEqual({ ok: true, alreadyThere: false })
  expect(branchOf(branch)).toBe(second)
  expect(branchOf('main')).toBe(first)
})

test('a push that was done before is recognised', async () => {
  await push(second, null)
  expect(await push(second, null)).toEqual({ ok: true, alreadyThere: true })
})

test('every branch but those below slipway/ is refused', async () => {
  for (const name of [
    'main',
    'slipway',
    'slipway/',
    'refs/heads/slipway/x',
    'slipway/../main',
    'slipway/a b',
    '+slipway/x',
    'slipway/x:main',
    '-slipway/x',
    'slipway/x.lock',
    'Slipway/x',
  ]) {
    expect(await push(first, null, { branch: name })).toMatchObject({ ok: false, problem: 'refused' })
  }
  expect(branchOf('main')).toBe(first)
})

test('a branch that somebody else moved or made is a conflict and stays as it is', async () => {
  await push(first, null)
  expect(await push(second, null)).toMatchObject({ ok: false, problem: 'conflict' })
  expect(branchOf(branch)).toBe(first)
})

test('a branch that is gone is made again, as forges delete what they have merged; the branch of a merge is not', async () => {
  await push(first, null)
  work.git(['update-ref', '-d', `refs/heads/${branch}`], { cwd: remote })
  expect(await pushToBranch({ gitDir: gitDir(), url: remote, oid: second, branch, expectedOid: first, credential: null })).toMatchObject({
    ok: false,
    problem: 'conflict',
  })
  expect(branchOf(branch)).toBe('')
  expect(await push(second, first)).toEqual({ ok: true, alreadyThere: false })
  expect(branchOf(branch)).toBe(second)
})

test('a commit that does not contain the expected one is not forced', async () => {
  await push(second, null)
  work.git(['checkout', '--quiet', '-b', 'aside', first])
  const aside = work.commit({ b: '1' })
  expect(await push(aside, second)).toMatchObject({ ok: false, problem: 'conflict' })
  expect(branchOf(branch)).toBe(second)
})

test('hooks and settings of the repository on disk do not run', async () => {
  const marker = join(folder.path, 'marker')
  for (const hook of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction', 'proc-receive']) {
    writeFileSync(join(remote, 'hooks', hook), `#!/bin/sh\ntouch ${marker}\ncat\n`, { mode: 0o755 })
  }
  writeFileSync(join(gitDir(), 'hooks/pre-push'), `#!/bin/sh\ntouch ${marker}\n`, { mode: 0o755 })
  work.git(['config', 'receive.procReceiveRefs', 'refs/none'], { cwd: remote })
  expect(await push(first, null)).toEqual({ ok: true, alreadyThere: false })
  expect(existsSync(marker)).toBe(false)
})

test('over HTTP a push whose answer was lost counts as done', async () => {
  const server = await serveRepositories(folder.path, { username: 'x-access-token', password: 'right-password' })
  const credential = gitCredential('x-access-token', 'right-password')
  try {
    server.loseNextPushAnswer()
    expect(await push(first, null, { url: `${server.url}/remote.git`, credential })).toEqual({ ok: true, alreadyThere: true })
    expect(branchOf(branch)).toBe(first)
  } finally {
    await server.close()
  }
})

test('the credential is in no argument list and no environment while git runs', async () => {
  const secret = 'right-password-7261'
  const server = await serveRepositories(folder.path, { username: 'x-access-token', password: secret })
  const seen: string[] = []
  let watching = true
  const watch = (async () => {
    while (watching) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
        try {
          const text = readFileSync(`/proc/${pid}/cmdline`, 'latin1') + readFileSync(`/proc/${pid}/environ`, 'latin1')
          if (text.includes(secret)) seen.push(text)
        } catch {
          /* the process ended */
        }
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  try {
    const url = `${server.url}/remote.git`
    const credential = gitCredential('x-access-token', secret)
    expect(await prepareMirror({ home: join(folder.path, 'home'), url, base: null, credential })).toMatchObject({ ok: true })
    expect(await push(first, null, { url, credential })).toMatchObject({ ok: true })
    expect(JSON.stringify(credential)).not.toContain(secret)
  } finally {
    watching = false
    await watch
    await server.close()
  }
  expect(seen).toEqual([])
  const grep = spawnSync('grep', ['-rlF', secret, folder.path], { encoding: 'utf8' })
  expect({ status: grep.status, files: grep.stdout }).toEqual({ status: 1, files: '' })
})
