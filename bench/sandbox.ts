// How long a command in a sandbox takes, for each backend that works on this machine.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock, SandboxSpec } from '@slipway/core/ports'
import { openSandboxes } from '@slipway/sandbox/open-sandboxes'
import type { Figure } from './measure.ts'
import { percentiles } from './measure.ts'

const clock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
}
const MEGABYTE = 1024 ** 2

export async function measureSandboxes(): Promise<Figure[]> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
  const sandboxes = await openSandboxes({ home, environment: process.env, clock })
  const figures: Figure[] = []
  try {
    for (const { backend } of await sandboxes.available()) {
      let round = 0
      const create = async () => {
        round += 1
        const made = await sandboxes.create(backend, spec(`bench-${backend}-${round}`))
        if (!made.ok) throw new Error(made.message)
        return made.sandbox
      }
      const first = await percentiles(`${backend}: create, first command, end`, 10, async () => {
        const sandbox = await create()
        await sandbox.exec({ argv: ['true'], timeoutMs: 10_000 })
        await sandbox.close({ deleteWorkspace: true })
      })
      const sandbox = await create()
      figures.push(first, await percentiles(`${backend}: one more command`, 100, () => sandbox.exec({ argv: ['true'], timeoutMs: 10_000 })))
      await sandbox.close({ deleteWorkspace: true })
    }
    return figures
  } finally {
    await sandboxes.close()
    await rm(home, { recursive: true, force: true })
  }
}

function spec(name: string): SandboxSpec {
  return {
    sandboxId: name,
    sessionId: name,
    workspace: name,
    limits: { memoryBytes: 1024 * MEGABYTE, processes: 256, cpus: 1, diskBytes: 512 * MEGABYTE },
    egress: { allow: [], uploadLimitBytes: 0 },
    phase: 'agent',
    onEgress: () => undefined,
  }
}
