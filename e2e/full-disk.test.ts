// Places in which a full disk must be called by its name, so that a person is told what to do instead of an agent that cannot mend it.

import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { airlockFixture } from '@slipway/airlock/testing/airlock-fixture'
import { isDiskFull } from '@slipway/core/errors/disk-full'
import { openSandboxes } from '@slipway/sandbox/open-sandboxes'
import { systemClock } from '@slipway/server/runtime/clock'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { mountDisk, type MountedDisk } from './faults/disk/mounted-disk.ts'

const MIB = 1024 * 1024
let disk: MountedDisk
beforeEach(async () => {
  disk = await mountDisk(256 * MIB)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await disk.close()
})

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then((result) => ({ result })).catch((error: unknown) => error)

test('a commit that finds no room outside of the sandbox is not called unsound, and is taken once there is room', async () => {
  vi.stubEnv('TMPDIR', disk.path)
  const fixture = await airlockFixture({ 'a.txt': 'one\n' })
  try {
    fixture.write({ 'noise.bin': randomBytes(6 * MIB) })
    fixture.agentGit(['add', '.'])
    disk.fill(2 * MIB)
    const refused = await failureOf(fixture.offer())
    expect(isDiskFull(refused), JSON.stringify(refused)).toBe(true)
    disk.free()
    expect(await fixture.offer()).toMatchObject({ ok: true, commit: { files: [{ path: 'noise.bin' }] } })
  } finally {
    fixture.remove()
  }
})

test.each([0, 64 * 1024, 3 * MIB])(
  'sandboxes that find %i bytes say that the disk is full, leave nothing half made, and come up later',
  async (leftBytes) => {
    const root = join(disk.path, 'sandboxes')
    const open = () =>
      openSandboxes({ clock: systemClock, home: join(disk.path, 'home'), environment: { ...process.env, SLIPWAY_SANDBOX_STATE: root } })
    disk.fill(leftBytes)
    const failed = await failureOf(open())
    expect(isDiskFull(failed), String(failed)).toBe(true)
    const tools = join(root, 'tools')
    expect(existsSync(tools) ? readdirSync(tools) : []).toEqual([])
    disk.free()
    const sandboxes = await open()
    const probe = async () => (await sandboxes.selfTests()).find(({ backend }) => backend === 'bubblewrap')
    disk.fill(0)
    expect(JSON.stringify(await probe())).toMatch(/no space left on device/i)
    disk.free()
    expect(await probe()).toMatchObject({ ok: true })
    await sandboxes.close()
  },
)
