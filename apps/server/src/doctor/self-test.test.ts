import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../runtime/clock.ts'
import { readSettings } from '../settings.ts'
import { selfTestSandboxes } from './self-test.ts'
import { temporaryFolder } from './testing/fake-host.ts'

test('the self-test passes here and leaves nothing behind', async () => {
  const folder = await temporaryFolder()
  const environment = { ...process.env, HOME: folder, SLIPWAY_HOME: join(folder, 'home') }
  const scratch = await temporaryFolder()
  await chmod(scratch, 0o755)
  vi.stubEnv('TMPDIR', scratch)
  onTestFinished(() => void vi.unstubAllEnvs())
  const settings = readSettings(environment)
  if (!settings.ok) throw new Error(settings.problems.join('\n'))
  const tests = await selfTestSandboxes({ settings: settings.settings, environment, clock: systemClock })
  expect(tests).toContainEqual(expect.objectContaining({ backend: 'bubblewrap', ok: true }))
  expect(await readdir(folder)).toEqual([])
  expect(await readdir(scratch)).toEqual([])
})
