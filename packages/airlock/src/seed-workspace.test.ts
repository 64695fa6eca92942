import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sandbox } from '@slipway/core/ports'
import { openRepositories } from '@slipway/git/open-repositories'
import { seedWorkspace } from './seed-workspace.ts'
import { airlockFixture } from './testing/airlock-fixture.ts'
import type { AirlockFixture } from './testing/airlock-fixture.ts'
import { processSandbox } from './testing/process-sandbox.ts'

let fixture: AirlockFixture
beforeEach(async () => {
  fixture = await airlockFixture({ 'a.txt': 'one\n' })
})
afterEach(() => fixture.remove())

const seed = (root: string, workOid: string | null = null, cutBefore = Number.POSITIVE_INFINITY) => {
  const { home, repository, baseOid } = fixture
  const bundle = openRepositories({ home }).bundle({ repository, sessionId: 's1', baseOid, workOid })
  const whole = processSandbox(root)
  const sandbox = cutBefore === Number.POSITIVE_INFINITY ? whole : cutAfter(cutBefore, whole)
  return seedWorkspace({ sandbox, bundle, baseBranch: 'main', branch: 'slipway/s1-task', baseOid, workOid })
}

test('the repository stands on its branch, without remotes, with the fixed identity', () => {
  expect(fixture.agentGit(['status', '--porcelain', '--branch'])).toBe('## slipway/s1-task')
  expect(fixture.agentGit(['remote'])).toBe('')
  expect(fixture.agentGit(['rev-parse', 'main'])).toBe(fixture.baseOid)
  expect(fixture.agentGit(['config', 'user.email'])).toBe('slipway@localhost')
  expect(readFileSync(join(fixture.tree, 'a.txt'), 'utf8')).toBe('one\n')
})

test('a later sandbox starts at the last offered commit', async () => {
  const oid = await fixture.offered({ 'a.txt': 'two\n' })
  const root = join(fixture.folder, 'later')
  expect(await seed(root, oid)).toEqual({ seeded: true })
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('two\n')
})

test.each(['untouched', 'changed'] as const)('what is run before the work leaves the tree as it was committed: %s', async (how) => {
  const { home, repository, baseOid } = fixture
  const root = join(fixture.folder, 'before')
  const bundle = openRepositories({ home }).bundle({ repository, sessionId: 's1', baseOid, workOid: null })
  const beforeWork = async () => {
    if (how === 'changed') for (const name of ['a.txt', 'installed.txt']) writeFileSync(join(root, name), 'set up\n')
    return how
  }
  const given = { sandbox: processSandbox(root), bundle, baseBranch: 'main', branch: 'slipway/s1-task', baseOid, workOid: null }
  expect(await seedWorkspace({ ...given, beforeWork, endMark: '.git/set-up' })).toEqual({ seeded: true })
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one\n')
  expect(existsSync(join(root, 'installed.txt'))).toBe(how === 'changed')
  expect(existsSync(join(root, '.git/set-up'))).toBe(true)
  expect(await seed(root)).toEqual({ seeded: false })
})

test('a name of any characters becomes that of the committer', async () => {
  const { home, repository, baseOid } = fixture
  const root = join(fixture.folder, 'named')
  const bundle = openRepositories({ home }).bundle({ repository, sessionId: 's1', baseOid, workOid: null })
  const identity = { name: '#1 "Ship\\way"; \n[core]', email: 'a@b' }
  await seedWorkspace({ sandbox: processSandbox(root), bundle, baseBranch: 'main', branch: 'main', baseOid, workOid: null, identity })
  expect(execFileSync('git', ['-C', root, 'config', 'user.name'], { encoding: 'utf8' })).toBe(`${identity.name}\n`)
})

test('a work tree that has its repository is left alone', async () => {
  fixture.write({ 'a.txt': 'unsaved\n' })
  expect(await seed(fixture.tree)).toEqual({ seeded: false })
  expect(readFileSync(join(fixture.tree, 'a.txt'), 'utf8')).toBe('unsaved\n')
})

test('what a killed git left locked can be committed to again', async () => {
  for (const lock of ['index.lock', 'HEAD.lock', 'refs/heads/slipway/s1-task.lock']) writeFileSync(join(fixture.tree, '.git', lock), '')
  fixture.write({ 'a.txt': 'two\n', 'yarn.lock': 'kept\n' })
  expect(await seed(fixture.tree)).toEqual({ seeded: false })
  expect(await fixture.offer()).toMatchObject({ ok: true, commit: { files: [{ path: 'a.txt' }, { path: 'yarn.lock' }] } })
})

test('a seed that was cut off is done again', async () => {
  const root = join(fixture.folder, 'cut')
  mkdirSync(join(root, '.git'), { recursive: true })
  writeFileSync(join(root, '.git/slipway-seeding'), '')
  writeFileSync(join(root, 'a.txt'), 'half')
  expect(await seed(root)).toEqual({ seeded: true })
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one\n')
})

test('work whose repository was deleted is kept', async () => {
  fixture.write({ 'a.txt': 'unsaved\n' })
  rmSync(join(fixture.tree, '.git'), { recursive: true })
  expect(await seed(fixture.tree)).toEqual({ seeded: true })
  expect(fixture.agentGit(['status', '--porcelain'])).toBe('M a.txt')
})

test.each(['everything', 'work without a repository'])(
  'a seed of %s that is cut off after any of its commands is done again',
  async (of) => {
    for (let commands = 1, isWhole = false; !isWhole; commands += 1) {
      const root = join(fixture.folder, `cut-${commands}`)
      mkdirSync(root)
      if (of !== 'everything') writeFileSync(join(root, 'a.txt'), 'unsaved')
      isWhole = await seed(root, null, commands).then(
        () => true,
        () => false,
      )
      expect(await seed(root)).toEqual({ seeded: !isWhole })
      expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe(of === 'everything' ? 'one\n' : 'unsaved')
      expect(execFileSync('git', ['-C', root, 'status', '--porcelain'], { encoding: 'utf8' }).trim()).toBe(
        of === 'everything' ? '' : 'M a.txt',
      )
      if (isWhole) expect(commands).toBeGreaterThan(10)
    }
  },
)

/** Each script is killed before the command with this number. */
function cutAfter(commands: number, sandbox: Sandbox): Sandbox {
  const cut = `trap '[ $((commands += 1)) -lt ${commands} ] || kill -9 $$' DEBUG\n`
  return {
    ...sandbox,
    exec: (spec) =>
      sandbox.exec({ ...spec, argv: spec.argv.map((word, at) => (at === 2 && word.includes('git init') ? cut + word : word)) }),
  }
}
