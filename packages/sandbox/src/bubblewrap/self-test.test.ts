// What is said when bwrap does not come up.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SelfTest } from '@slipway/core/ports'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type OpenedSandboxes, openSandboxes } from '../open-sandboxes.ts'

let closed: string
let sandboxes: OpenedSandboxes | null = null
beforeEach(() => {
  if (process.getuid?.() !== 0) throw new Error('Only root runs sandboxes as another user, so this test has to run as root.')
  // Nobody else may pass.
  closed = mkdtempSync(join(tmpdir(), 'slipway-closed-'))
})
afterEach(async () => {
  await sandboxes?.close()
  rmSync(closed, { recursive: true, force: true })
})

async function selfTest(): Promise<SelfTest | undefined> {
  sandboxes = await openSandboxes({
    home: closed,
    clock: { now: Date.now, sleep: async () => undefined },
    environment: { ...process.env, SLIPWAY_SANDBOX_STATE: join(closed, 'state') },
  })
  return (await sandboxes.selfTests()).find(({ backend }) => backend === 'bubblewrap')
}

test('a file system on which nothing may be run is named as the cause, not the kernel', async () => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec,mode=755', 'tmpfs', closed])
  try {
    chmodSync(closed, 0o755)
    expect(await selfTest()).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([
        { name: 'start', ok: false, message: expect.stringContaining('no program may be run'), fix: expect.stringContaining('noexec') },
      ]),
    })
    await sandboxes?.close()
    sandboxes = null
  } finally {
    execFileSync('umount', [closed])
  }
})

test('a place that the sandbox user cannot reach is named as the cause, and where it is set', async () => {
  expect(await selfTest()).toMatchObject({
    ok: false,
    findings: expect.arrayContaining([
      { name: 'start', ok: false, message: expect.stringContaining(closed), fix: expect.stringContaining('SLIPWAY_SANDBOX_STATE') },
    ]),
  })
})
