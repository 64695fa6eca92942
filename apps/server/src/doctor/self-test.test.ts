import { chmod, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../runtime/clock.ts'
import { readSettings } from '../settings.ts'
import { selfTestSandboxes } from './self-test.ts'
import { temporaryFolder } from './testing/fake-host.ts'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
  await chmod(folder, 0o755)
})

async function selfTest(variables: Record<string, string>) {
  const environment = { ...process.env, HOME: folder, SLIPWAY_HOME: join(folder, 'home'), ...variables }
  const settings = readSettings(environment)
  if (!settings.ok) throw new Error(settings.problems.join('\n'))
  return selfTestSandboxes({ settings: settings.settings, environment, clock: systemClock })
}

test('the self-test passes here and leaves nothing behind, where the files of sandboxes are to be neither', async () => {
  const scratch = await temporaryFolder()
  vi.stubEnv('TMPDIR', scratch)
  onTestFinished(() => void vi.unstubAllEnvs())
  const tests = await selfTest({ SLIPWAY_SANDBOX_STATE: join(folder, 'slipway/state') })
  expect(tests).toContainEqual(expect.objectContaining({ backend: 'bubblewrap', ok: true }))
  expect(await readdir(folder)).toEqual([])
  expect(await readdir(scratch)).toEqual([])
})

test('a self-test that fails where sandboxes will be is told of', async () => {
  if (process.getuid?.() !== 0) throw new Error('Only root runs sandboxes as another user, so this test has to run as root.')
  const closed = join(folder, 'closed')
  await mkdir(closed, { mode: 0o700 })
  const tests = await selfTest({ SLIPWAY_SANDBOX_STATE: join(closed, 'state') })
  expect(tests).toContainEqual(
    expect.objectContaining({
      backend: 'bubblewrap',
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ ok: false, fix: expect.stringContaining('SLIPWAY_SANDBOX_STATE') })]),
    }),
  )
})

test('a temporary folder that does not exist keeps nobody from asking', async () => {
  vi.stubEnv('TMPDIR', join(folder, 'nowhere'))
  onTestFinished(() => void vi.unstubAllEnvs())
  const tests = await selfTest({ SLIPWAY_SANDBOX_STATE: join(folder, 'state') })
  expect(tests).toContainEqual(expect.objectContaining({ backend: 'bubblewrap', ok: true }))
})
