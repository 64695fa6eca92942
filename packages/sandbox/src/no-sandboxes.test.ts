import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SandboxSpec } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { openSandboxes } from './open-sandboxes.ts'

test('a machine that is not Linux is told what to do instead, and gets no files', async () => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-elsewhere-'))
  const state = join(root, 'state')
  const sandboxes = await openSandboxes({
    home: root,
    platform: 'darwin',
    clock: { now: Date.now, sleep: async () => undefined },
    environment: { SLIPWAY_SANDBOX_STATE: state },
  })
  try {
    expect(await sandboxes.create(null, {} as SandboxSpec)).toEqual({
      ok: false,
      kind: 'none',
      message: expect.stringMatching(/need Linux, and this is darwin.*virtual machine/),
    })
    expect(await sandboxes.selfTests()).toMatchObject([
      { ok: false, backend: 'docker' },
      { ok: false, backend: 'bubblewrap' },
    ])
    expect([await sandboxes.reap(async (all) => all), existsSync(state), existsSync(join(root, 'sandboxes'))]).toEqual([0, false, false])
  } finally {
    await sandboxes.close()
    rmSync(root, { recursive: true, force: true })
  }
})
