// The Sandboxes port of a machine that cannot have any. Containers on a Mac run in a virtual machine of Docker's own, which
// neither runs this machine's Node nor reaches the sockets of this one's proxy; so it takes a Linux that Slipway itself is in.

import type { SelfTest } from '@slipway/core/ports'
import type { OpenedSandboxes } from './open-sandboxes.ts'
import type { SandboxSettings } from './settings.ts'

const FIX = 'Run Slipway in a Linux virtual machine (Lima, OrbStack or UTM make one); there `./slipway doctor` says what is missing.'

/** Refuses every sandbox, and says why and what to do. */
export function noSandboxes({ platform, settings }: { platform: string; settings: SandboxSettings }): OpenedSandboxes {
  const message = `sandboxes need Linux, and this is ${platform}`
  const findings = [{ name: 'system', ok: false, message, fix: FIX }]
  const tests: SelfTest[] = (['docker', 'bubblewrap'] as const).map((backend) => ({ ok: false, backend, findings }))
  return {
    settings,
    spareSettled: async () => undefined,
    selfTests: async () => tests,
    create: async () => ({ ok: false, kind: 'none', message: `no sandbox can be used: ${message}. ${FIX}` }),
    warmUp: () => undefined,
    reap: async () => 0,
    copyCheckpoints: async () => false,
    readCheckpoint: async () => null,
    close: async () => undefined,
  }
}
