// The set-up phase of a sandbox: network to package registries, no task text, cached by its inputs.

import type { Receipt, RepositoryRef } from '@slipway/core/events'
import type { Clock, EgressPolicy, Sandbox } from '@slipway/core/ports'
import { packageRegistries } from '@slipway/sandbox/egress/registries'
import { isSetUp, runSetup } from '@slipway/sandbox/setup/run-setup'
import { type SetupCache, setupKey } from '@slipway/sandbox/setup/setup-cache'
import type { CommitEnvironment } from './read-environment.ts'

export interface SetUpInput {
  sandbox: Sandbox
  repository: RepositoryRef
  environment: CommitEnvironment
  cache: SetupCache
  clock: Clock
  /** What an installation allows in this phase; null: the package registries. */
  policy: EgressPolicy | null
  uploadLimitBytes: number
  /** Only set-up at a base commit may fill the cache, so that an agent's commit cannot plant anything in it. */
  mayFillCache: boolean
  signal: AbortSignal
  onOutput(text: string): void
}

export interface SetUpResult { ok: boolean; cached: boolean; steps: Receipt[]; ms: number }

/** Runs what the commit needs, or unpacks what an earlier run produced. Leaves the egress rules of the set-up phase in force. */
export async function setUpSandbox(input: SetUpInput): Promise<SetUpResult> {
  const { sandbox, environment, cache, clock, signal } = input
  const { commands } = environment.plan
  const startedMs = clock.now()
  if (commands.length === 0) return { ok: true, cached: false, steps: [], ms: 0 }
  const key = setupKey({ repositoryUrl: input.repository.url, backend: sandbox.backend, commands, inputs: environment.inputs })
  if (environment.plan.inputs.length > 0 && (await cache.restore(sandbox, key, signal))) {
    return { ok: true, cached: true, steps: [], ms: clock.now() - startedMs }
  }
  const allow = input.policy?.allow ?? [...packageRegistries, ...environment.file.allowHosts]
  await sandbox.setEgress({ allow: [...allow], uploadLimitBytes: input.policy?.uploadLimitBytes ?? input.uploadLimitBytes }, 'setup')
  const steps = await runSetup(sandbox, { commands, clock, signal, onOutput: input.onOutput })
  const ok = isSetUp(commands, steps)
  if (ok && input.mayFillCache && environment.plan.inputs.length > 0) await cache.save(sandbox, key, signal)
  return { ok, cached: false, steps, ms: clock.now() - startedMs }
}
