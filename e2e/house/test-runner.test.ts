// `make test` must not call a run good that was not: the counting is tried on a real vitest with files that go wrong in every way.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runVitest } from '../../scripts/test/vitest.ts'

const head = "import { afterAll, describe, expect, test } from 'vitest'\n"
const files: Record<string, string> = {
  'good/good.test.ts': `${head}test('adds', () => expect(1 + 1).toBe(2))\ntest('subtracts', () => expect(2 - 1).toBe(1))\n`,
  'bad/wrong.test.ts': `${head}test('adds wrongly', () => expect(1 + 1).toBe(3))\ntest('adds rightly', () => expect(1 + 1).toBe(2))\n`,
  'crash/crash.test.ts': `${head}import './nowhere.ts'\ntest('never runs', () => expect(1).toBe(1))\n`,
  'skip/skip.test.ts': `${head}test.skip('skipped', () => expect(1).toBe(2))\ntest.todo('later')\ntest('runs', () => expect(1).toBe(1))\n`,
  'stray/stray.test.ts': `${head}test('looks fine', () => {\n  setTimeout(() => { throw new Error('stray') }, 0)\n  return new Promise((done) => setTimeout(done, 20))\n})\n`,
  'hook/hook.test.ts': `${head}describe('a group', () => {\n  afterAll(() => { throw new Error('left behind') })\n  test('passes', () => expect(1).toBe(1))\n})\n`,
  'only/only.test.ts': `${head}test.only('alone', () => expect(1).toBe(1))\ntest('left out', () => expect(1).toBe(2))\n`,
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-runner-'))
  await symlink(resolve(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), text)
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([
  ['tests that pass', 'good', { passed: 2, failed: 0, failures: [] }],
  [
    'a test that fails',
    'bad',
    { passed: 1, failed: 1, failures: [expect.stringMatching(/^adds wrongly\n {4}AssertionError: expected 2 to be 3[^\n]*$/)] },
  ],
  ['a file that cannot be imported', 'crash', { passed: 0, failed: 1, failures: [expect.stringContaining('crash.test.ts')] }],
  [
    'tests that are skipped',
    'skip',
    { passed: 1, failed: 2, failures: [expect.stringContaining('skipped'), expect.stringContaining('later')] },
  ],
  [
    'an error outside of the tests',
    'stray',
    { passed: 1, failed: 1, failures: [expect.stringMatching(/an error outside of the tests\n {4}Error: stray$/)] },
  ],
  [
    'a hook that fails',
    'hook',
    { passed: 1, failed: 1, failures: [expect.stringMatching(/hook\.test\.ts: a group, outside of its tests\n {4}Error: left behind$/)] },
  ],
  [
    'a test that keeps the others out',
    'only',
    { passed: 0, failed: 2, failures: [expect.stringMatching(/^alone/), expect.stringContaining('left out')] },
  ],
  ['no tests at all', 'nothing-is-here', { passed: 0, failed: 1, failures: [expect.stringContaining('nothing')] }],
])('%s', async (_, path, tally) => {
  expect(await runVitest({ name: path, paths: [`${path}/`], folder, output: 'hidden', signal: AbortSignal.timeout(60_000) })).toEqual(tally)
})
