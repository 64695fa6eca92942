// A session that went to another process of the same home: what the process that had it does late must not disturb the new owner.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

describe.each(backendsUnderTest())('a work tree of %s that another process took over', (backend) => {
  let owner: Bench
  let late: Bench
  beforeAll(async () => {
    owner = await openBench(backend)
    late = await openBench(backend, { home: dirname(owner.state), environment: { SLIPWAY_SANDBOX_STATE: owner.state } })
  })
  afterAll(async () => {
    await late.close()
    await owner.close()
  })

  /** Allows so many looks. */
  function holdFor(looks: number): () => void {
    let left = looks
    return () => {
      left -= 1
      if (left < 0) throw new Error('the lease is lost')
    }
  }

  test('is neither restored nor saved by it', async () => {
    const workspace = `taken-${backend}`
    let isHeld = true
    const stale = await late.create({ workspace, assertHeld: () => holdFor(isHeld ? 1 : 0)() })
    await sh(stale, 'echo old > file')
    const { checkpoint } = await stale.checkpoint()
    const sandbox = await owner.create({ workspace })
    await sh(sandbox, 'echo new > file')
    isHeld = false
    await expect(stale.restore(checkpoint)).rejects.toThrow('the lease is lost')
    await expect(stale.checkpoint()).rejects.toThrow('the lease is lost')
    expect((await sh(sandbox, 'cat file')).stdout).toBe('new\n')
  })

  test('is not marked as its own by it', async () => {
    const workspace = `marked-${backend}`
    let isHeld = true
    const stale = await late.create({ workspace, assertHeld: () => holdFor(isHeld ? 1 : 0)() })
    await sh(stale, 'echo old > file')
    isHeld = false
    writeFileSync(markOf(workspace), 'the new owner')
    await expect(stale.checkpoint()).rejects.toThrow('the lease is lost')
    await stale.close({ deleteWorkspace: false })
    await expect(late.create({ workspace, assertHeld: holdFor(1) })).rejects.toThrow('the lease is lost')
    expect(readFileSync(markOf(workspace), 'utf8')).toBe('the new owner')
  })

  /** Names the process that needs the disk. */
  function markOf(workspace: string): string {
    const root = join(owner.state, backend === 'docker' ? 'docker/workspaces' : 'workspaces')
    const key = readdirSync(root).find((each) => readFileSync(join(root, each, 'name'), 'utf8') === workspace) ?? ''
    return join(root, key, 'mounted-by')
  }

  test('gets no sandbox of it when the session is lost while it starts, and the new owner’s stays', async () => {
    const workspace = `kept-${backend}`
    const sandbox = await owner.create({ workspace })
    await expect(late.create({ workspace, assertHeld: holdFor(1) })).rejects.toThrow('the lease is lost')
    expect((await sh(sandbox, 'echo here')).stdout).toBe('here\n')
  })
})
