// The same script runs on both backends, so one is enough here.

import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { workspaceKey } from '../host/state.ts'
import { type Bench, openBench, sh } from './harness.ts'

let bench: Bench
let sandbox: Sandbox
beforeAll(async () => {
  bench = await openBench('bubblewrap')
})
afterAll(() => bench.close())
beforeEach(async () => {
  sandbox = await bench.create()
})

const store = (): string => join(bench.state, 'workspaces', workspaceKey(`workspace-${sandbox.id}`), 'checkpoints/shadow.git')
const objects = (): string[] =>
  readdirSync(join(store(), 'objects'), { recursive: true, encoding: 'utf8' }).filter((name) => /^..\/.{38}$/.test(name))

/** What a power loss does to a file: it is gone, or empty, or its end is, or it holds nothing but zeroes. */
const damages: ((path: string) => void)[] = [
  (path) => rmSync(path),
  (path) => truncateSync(path, 0),
  (path) => truncateSync(path, 100),
  (path) => writeFileSync(path, Buffer.alloc(readFileSync(path).length)),
]

test('a checkpoint that lacks anything is refused, the one before it is not, and the same work can be kept again', async () => {
  await sh(sandbox, 'mkdir d; echo a > a; seq 900 > d/b')
  const whole = await sandbox.checkpoint()
  const before = new Set(objects())
  const change = 'seq 1000 > a; seq 2000 > d/b; seq 3000 > d/c'
  await sh(sandbox, change)
  const damaged = await sandbox.checkpoint()
  // A commit, two trees and three files.
  const added = objects().filter((name) => !before.has(name))
  expect(added).toHaveLength(6)
  for (const [index, name] of added.entries()) {
    damages[index % damages.length]?.(join(store(), 'objects', name))
    await sh(sandbox, 'rm a d/b d/c')
    expect([name, await sandbox.restore(damaged.checkpoint)]).toMatchObject([name, { ok: false }])
    expect([name, await sandbox.restore(whole.checkpoint)]).toEqual([name, { ok: true, treeHash: whole.treeHash }])
    expect((await sh(sandbox, 'cat a; tail -n 1 d/b; ls')).stdout).toBe('a\n900\na\nd\n')
    await sh(sandbox, change)
    const again = await sandbox.checkpoint()
    expect(again.treeHash).toBe(damaged.treeHash)
    await sh(sandbox, 'rm a d/b d/c')
    expect([name, await sandbox.restore(again.checkpoint)]).toEqual([name, { ok: true, treeHash: again.treeHash }])
    expect((await sh(sandbox, 'tail -qn 1 a d/b d/c')).stdout).toBe('1000\n2000\n3000\n')
  }
})

test('what a checkpoint lacks is taken from the work tree where that still has it', async () => {
  await sh(sandbox, 'seq 900 > a')
  await sandbox.checkpoint()
  const before = new Set(objects())
  await sh(sandbox, 'seq 1000 > b')
  const { checkpoint, treeHash } = await sandbox.checkpoint()
  const file = objects().find((name) => !before.has(name) && readFileSync(join(store(), 'objects', name)).length > 1_000) ?? ''
  rmSync(join(store(), 'objects', file))
  expect(await sandbox.restore(checkpoint)).toEqual({ ok: true, treeHash })
  await sh(sandbox, 'rm a b')
  expect(await sandbox.restore(checkpoint)).toEqual({ ok: true, treeHash })
})

test('a work tree whose every checkpoint is lost can be kept from anew', async () => {
  await sh(sandbox, 'echo a > a')
  const { checkpoint } = await sandbox.checkpoint()
  for (const name of objects()) rmSync(join(store(), 'objects', name))
  expect(await sandbox.restore(checkpoint)).toMatchObject({ ok: false, kind: 'unknown' })
  const anew = await sandbox.checkpoint()
  await sh(sandbox, 'rm a')
  expect(await sandbox.restore(anew.checkpoint)).toEqual({ ok: true, treeHash: anew.treeHash })
  expect((await sh(sandbox, 'cat a')).stdout).toBe('a\n')
})

test('a store that forgot what the work tree looks like, or was never made, says so', async () => {
  expect(await sandbox.restore('0'.repeat(40))).toMatchObject({ ok: false, kind: 'none' })
  await sh(sandbox, 'echo a > a')
  const { checkpoint, treeHash } = await sandbox.checkpoint()
  truncateSync(join(store(), 'index'), 10)
  truncateSync(join(store(), 'current-tree'), 0)
  await sh(sandbox, 'echo b > a')
  expect(await sandbox.restore(checkpoint)).toEqual({ ok: true, treeHash })
  expect(await sandbox.restore('0'.repeat(40))).toMatchObject({ ok: false, kind: 'unknown' })
  truncateSync(join(store(), 'refs/slipway/current'), 0)
  await sh(sandbox, 'echo c > a')
  expect(await sandbox.checkpoint()).toMatchObject({ changed: true })
})

test('a work tree without room for its checkpoint does not make the checkpoint a damaged one', async () => {
  await sh(sandbox, 'head -c 20000000 /dev/urandom > large')
  const { checkpoint, treeHash } = await sandbox.checkpoint()
  await sh(sandbox, 'printf "fill\\n" > .gitignore; rm large; cat /dev/zero > fill 2>/dev/null')
  await expect(sandbox.restore(checkpoint)).rejects.toThrow(/unable to write file/)
  await sh(sandbox, 'rm fill')
  expect(await sandbox.restore(checkpoint)).toEqual({ ok: true, treeHash })
})
