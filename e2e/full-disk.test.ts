// Places in which a full disk must be called by its name, so that a person is told what to do instead of an agent that cannot mend it.

import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { airlockFixture } from '@slipway/airlock/testing/airlock-fixture'
import { isDiskFull } from '@slipway/core/errors/disk-full'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { openSandboxes } from '@slipway/sandbox/open-sandboxes'
import { openDatabase } from '@slipway/store/database'
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

const told = (failure: unknown): string => (failure instanceof Error ? String(failure) : JSON.stringify(failure))
const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then((result) => ({ result })).catch((error: unknown) => error)

test('a commit that finds no room outside of the sandbox is not called unsound, and is taken once there is room', async () => {
  vi.stubEnv('TMPDIR', disk.path)
  const fixture = await airlockFixture({ 'a.txt': 'one\n' })
  try {
    fixture.write({ 'noise.bin': randomBytes(6 * MIB) })
    fixture.agentGit(['add', '.'])
    disk.fill(2 * MIB)
    const refused = await failureOf(fixture.offer())
    expect(isDiskFull(refused), told(refused)).toBe(true)
    disk.free()
    expect(await fixture.offer()).toMatchObject({ ok: true, commit: { files: [{ path: 'noise.bin' }] } })
  } finally {
    fixture.remove()
  }
})

test('a commit that cannot be put into a clean sandbox for lack of room is not called unproved, and is proved once there is room', async () => {
  vi.stubEnv('TMPDIR', disk.path)
  const fixture = await airlockFixture(
    { 'a.txt': 'one\n', 'noise.bin': randomBytes(6 * MIB).toString('latin1') },
    { findChecks: async () => ['true'] },
  )
  try {
    const oid = await fixture.offered({ 'a.txt': 'two\n' })
    const verify = () =>
      fixture.airlock.verify({
        repository: fixture.repository,
        sessionId: 's1',
        baseOid: fixture.baseOid,
        oid,
        checks: ['true'],
        backend: null,
        signal: new AbortController().signal,
        onOutput: () => undefined,
        onEgress: () => undefined,
      })
    disk.fill(2 * MIB)
    const refused = await failureOf(verify())
    expect(isDiskFull(refused), told(refused)).toBe(true)
    disk.free()
    expect(await verify()).toMatchObject({ result: 'passed' })
  } finally {
    fixture.remove()
  }
})

test('a repository that cannot be fetched for lack of room is not blamed for it, and is fetched once there is room', async () => {
  vi.stubEnv('TMPDIR', disk.path)
  const fixture = await airlockFixture({ 'a.txt': 'one\n' })
  try {
    fixture.source.commit({ 'noise.bin': randomBytes(6 * MIB).toString('latin1') }, 'More')
    const fetch = () => prepareMirror({ home: fixture.home, url: fixture.source.path, base: null, credential: null })
    disk.fill(2 * MIB)
    const refused = await failureOf(fetch())
    expect(isDiskFull(refused), told(refused)).toBe(true)
    disk.free()
    expect(await fetch()).toMatchObject({ ok: true })
  } finally {
    fixture.remove()
  }
})

test('a database that finds no room while it is opened says so, and opens within the same process once there is room', async () => {
  const home = join(disk.path, 'home')
  await mkdir(home)
  const open = () => openDatabase({ home, databaseUrl: null })
  const first = await open()
  if (!first.ok) throw new Error(first.message)
  await first.database.close()
  // In each of its steps.
  for (const leftBytes of [0, 16, 32, 64, 96, 128, 192, 256].map((kilobytes) => kilobytes * 1024)) {
    disk.fill(leftBytes)
    const opened = await open()
    if (opened.ok) await opened.database.close()
    else expect(opened).toMatchObject({ cause: 'disk-full', fix: expect.stringContaining('ree some space') })
    disk.free()
  }
  const last = await open()
  expect(last).toMatchObject({ ok: true })
  if (last.ok) await last.database.close()
})

/** So that it ends within the thousands of small files and directories of npm. */
const ourNode = statSync(process.execPath).size

test.each([0, 64 * 1024, 3 * MIB, ourNode + MIB, ourNode + 2 * MIB, ourNode + 3 * MIB])(
  'sandboxes that find %i bytes say that the disk is full, leave nothing half made, and come up later',
  async (leftBytes) => {
    const root = join(disk.path, 'sandboxes')
    const open = () =>
      openSandboxes({ clock: systemClock, home: join(disk.path, 'home'), environment: { ...process.env, SLIPWAY_SANDBOX_STATE: root } })
    disk.fill(leftBytes)
    const failed = await failureOf(open())
    expect(isDiskFull(failed), told(failed)).toBe(true)
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
