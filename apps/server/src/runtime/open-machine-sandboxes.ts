// The sandboxes of this machine, told what the settings say.

import type { Clock, Sandboxes } from '@slipway/core/ports'
import { openSandboxes } from '@slipway/sandbox/open-sandboxes'
import type { Settings } from '../settings.ts'

export interface MachineSandboxes {
  settings: Settings
  environment: Record<string, string | undefined>
  clock: Clock
  keepsSpare: boolean
}

export function openMachineSandboxes({ settings, environment, clock, keepsSpare }: MachineSandboxes): Promise<Sandboxes> {
  const { sandbox, home } = settings
  return openSandboxes({
    home,
    clock,
    keepsSpare,
    environment: {
      ...environment,
      SLIPWAY_SANDBOX_IMAGE: sandbox.image,
      SLIPWAY_DOCKER_SOCKET: sandbox.dockerSocket,
      SLIPWAY_DOCKER_RUNTIME: sandbox.runtime ?? undefined,
      SLIPWAY_UNSAFE_PROCESS_SANDBOX: sandbox.allowUnsafeProcess ? '1' : undefined,
      SLIPWAY_SANDBOX_UID: String(sandbox.userId),
      SLIPWAY_SANDBOX_STATE: sandbox.stateDirectory ?? undefined,
      SLIPWAY_EGRESS_ALLOW_PRIVATE: settings.egress.allowPrivate.join(','),
    },
  })
}
