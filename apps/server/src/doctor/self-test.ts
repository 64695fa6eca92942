// The sandboxes' own self-test, in a home that is thrown away, so that asking the doctor changes nothing on the machine.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, SelfTest } from '@slipway/core/ports'
import { openMachineSandboxes } from '../runtime/open-machine-sandboxes.ts'
import type { Environment, Settings } from '../settings.ts'

export async function selfTestSandboxes(input: { settings: Settings; environment: Environment; clock: Clock }): Promise<SelfTest[]> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-doctor-'))
  // Where Slipway is root, sandboxes are another user who must pass through to their own folder.
  await chmod(home, 0o711)
  const environment = { ...input.environment, SLIPWAY_SANDBOX_STATE: join(home, 'sandboxes') }
  const sandboxes = await openMachineSandboxes({
    keepsSpare: false,
    clock: input.clock,
    environment,
    settings: { ...input.settings, home },
  })
  try {
    return await sandboxes.available()
  } finally {
    await sandboxes.close()
    await rm(home, { recursive: true, force: true })
  }
}
