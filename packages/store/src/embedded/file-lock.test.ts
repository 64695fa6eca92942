import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startChild } from '../testing/child-process.ts'
import { withFileLock } from './file-lock.ts'
import { ownIdentity } from './process-identity.ts'

let folder: string
let lock: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-lock-'))
  lock = join(folder, 'lock')
})
afterEach(() => rm(folder, { recursive: true }))

async function leaveBehind(content: object | string): Promise<void> {
  await mkdir(lock)
  await writeFile(join(lock, 'lock.7'), typeof content === 'string' ? content : JSON.stringify({ released: false, ...content }))
}

test('processes that count under the lock lose no count', async () => {
  await writeFile(join(folder, 'counter'), '0')
  const script = new URL('../testing/count-under-lock.child.ts', import.meta.url)
  const children = Array.from({ length: 4 }, () => startChild(script, [folder, '40']))
  await Promise.all(children.map((child) => child.next()))
  expect(await readFile(join(folder, 'counter'), 'utf8')).toBe('160')
  expect(await readdir(lock)).toHaveLength(1)
})

test('work of one process takes its turn too', async () => {
  const steps: string[] = []
  await Promise.all(
    ['a', 'b', 'c'].map((name) =>
      withFileLock(lock, 10_000, async () => {
        steps.push(`${name} in`)
        await new Promise(setImmediate)
        steps.push(`${name} out`)
      }),
    ),
  )
  for (let index = 0; index < steps.length; index += 2) expect(steps[index + 1]).toBe(steps[index]?.replace('in', 'out'))
})

test('the lock of a process that is gone is taken over', async () => {
  await leaveBehind({ pid: 2 ** 22 + 5, startedAt: 'x' })
  expect(await withFileLock(lock, 0, async () => 'mine')).toBe('mine')
})

test('a lock whose process id now belongs to another process is taken over', async () => {
  await leaveBehind({ ...ownIdentity(), startedAt: 'an earlier process' })
  expect(await withFileLock(lock, 0, async () => 'mine')).toBe('mine')
})

test('a lock file that a power loss cut is taken over', async () => {
  await leaveBehind('{"pid":')
  expect(await withFileLock(lock, 0, async () => 'mine')).toBe('mine')
})

test('a lock that stays held is reported with its holder', async () => {
  await withFileLock(lock, 0, async () => {
    await expect(withFileLock(lock, 50, async () => 'mine')).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`Process ${process.pid} `),
    })
  })
})

test('the lock is free again after work that failed', async () => {
  await expect(
    withFileLock(lock, 0, async () => {
      throw new Error('broken')
    }),
  ).rejects.toThrow('broken')
  expect(await withFileLock(lock, 0, async () => 'mine')).toBe('mine')
})
