// Brings a work tree to where work can begin: from the cache where the same set-up ran before, else by running it.

import type { SetupFinished } from '@slipway/core/events'
import type { Clock, EgressPolicy, Sandbox } from '@slipway/core/ports'
import { isSetUp, runSetup } from '@slipway/sandbox/setup/run-setup'
import { setupKey, type SetupCache } from '@slipway/sandbox/setup/setup-cache'
import type { Examined } from './examine.ts'

export interface SetUpInput {
  sandbox: Sandbox
  repositoryUrl: string
  examined: Pick<Examined, 'environment' | 'inputs'>
  egress: EgressPolicy
  cache: SetupCache
  /** What an agent's commit produced must not reach later sessions. */
  cacheUse: 'read-and-write' | 'read'
  clock: Clock
  signal: AbortSignal
  onOutput(text: string): void
}

/** The sandbox is left in the network of set-up when commands ran; the caller narrows it again. */
export async function setUp(input: SetUpInput): Promise<Omit<SetupFinished, 'type'>> {
  const { sandbox, examined, cache, clock, signal } = input
  const { setup: commands } = examined.environment
  const startedMs = clock.now()
  const finish = (facts: { ok: boolean; cached: boolean; steps: SetupFinished['steps'] }) => ({ ...facts, ms: clock.now() - startedMs })
  if (commands.length === 0) return finish({ ok: true, cached: false, steps: [] })
  const key = setupKey({ repositoryUrl: input.repositoryUrl, backend: sandbox.backend, commands, inputs: examined.inputs })
  if (await cache.restore(sandbox, key, signal)) return finish({ ok: true, cached: true, steps: [] })
  await sandbox.setEgress(input.egress, 'setup')
  const steps = await runSetup(sandbox, { commands, clock, signal, onOutput: input.onOutput })
  const ok = isSetUp(commands, steps)
  if (ok && input.cacheUse === 'read-and-write') await cache.save(sandbox, key, signal)
  return finish({ ok, cached: false, steps })
}
