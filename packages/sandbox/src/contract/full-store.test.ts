import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workspaceKey } from '../host/state.ts'
import { type Bench, MIB, openBench, sh } from './harness.ts'

let bench: Bench
let store: string
beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('This test mounts a small file system, so it has to run as root.')
  bench = await openBench('bubblewrap')
  store = join(bench.state, 'workspaces', workspaceKey('full'), 'checkpoints')
  mkdirSync(store, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${4 * MIB}`, 'tmpfs', store])
})
afterAll(async () => {
  execFileSync('umount', ['--lazy', store])
  await bench.close()
})

test('a work tree that finds no room is not said to be kept, and is kept once there is room', async () => {
  const sandbox = await bench.create({ workspace: 'full' })
  await sh(sandbox, 'echo a > a')
  const first = await sandbox.checkpoint()
  const ballast = join(store, 'ballast')
  for (const size of [4 * MIB, 3 * MIB + 700_000]) {
    await sh(sandbox, `head -c 300000 /dev/urandom > file-${size}; chmod 0 a`)
    writeBallast(ballast, size)
    await expect(sandbox.checkpoint()).rejects.toThrow(/could not be kept: the disk of the sandboxes is full. Free some space/)
    rmSync(ballast)
    const kept = await sandbox.checkpoint()
    expect(kept.treeHash).not.toBe(first.treeHash)
    await sh(sandbox, `rm file-${size}; chmod 644 a`)
    expect(await sandbox.restore(kept.checkpoint)).toEqual({ ok: true, treeHash: kept.treeHash })
    expect((await sh(sandbox, `wc -c < file-${size}`)).stdout).toBe('300000\n')
  }
})

/** As much of it as there is room for. */
function writeBallast(path: string, bytes: number): void {
  try {
    writeFileSync(path, Buffer.alloc(bytes))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
