// The sandboxes' own self-test, in a home that is thrown away, so that asking the doctor changes nothing on the machine.

import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Clock, SelfTest } from '@slipway/core/ports'
import { openMachineSandboxes } from '../runtime/open-machine-sandboxes.ts'
import type { Environment, Settings } from '../settings.ts'

/** Where Slipway is root, its sandboxes lie outside of its home; see docs/configuration.md. */
const STATE_OF_ROOT = '/var/lib/slipway'

/** What each backend found, those that failed included. */
export async function selfTestSandboxes(input: { settings: Settings; environment: Environment; clock: Clock }): Promise<SelfTest[]> {
  const { settings, environment, clock } = input
  const isRoot = process.getuid?.() === 0
  const home = await makeHomeBeside(isRoot ? (settings.sandbox.stateDirectory ?? STATE_OF_ROOT) : settings.home)
  // Where Slipway is root, sandboxes are another user who must pass through to their own folder.
  await chmod(home, 0o711)
  try {
    const sandboxes = await openMachineSandboxes({
      keepsSpare: false,
      clock,
      environment,
      settings: { ...settings, home, sandbox: { ...settings.sandbox, stateDirectory: join(home, 'sandboxes') } },
    })
    try {
      return await sandboxes.selfTests()
    } finally {
      await sandboxes.close()
    }
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** On the file system that sandboxes will be on, below the parents that they will have: programs may be forbidden there, or passing through. */
async function makeHomeBeside(place: string): Promise<string> {
  let parent = place
  while (!existsSync(parent) && parent !== dirname(parent)) parent = dirname(parent)
  // A home that cannot be written is a finding of its own.
  return mkdtemp(join(parent, 'slipway-doctor-')).catch(() => mkdtemp(join(tmpdir(), 'slipway-doctor-')))
}
