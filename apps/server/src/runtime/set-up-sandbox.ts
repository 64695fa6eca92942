// The set-up phase of a sandbox: network to package registries, no task text, cached by its inputs.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Receipt, RepositoryRef } from '@slipway/core/events'
import type { EgressPolicy, Sandbox } from '@slipway/core/ports'
import { openSetupCache, type SetupCache } from '@slipway/sandbox/setup/cache'
import { runSetup } from '@slipway/sandbox/setup/run-setup'
import type { CommitEnvironment } from './read-environment.ts'

export interface SetUpInput {
  home: string
  sandbox: Sandbox
  repository: RepositoryRef
  environment: CommitEnvironment
  /** What an installation allows in this phase; null: the registries of the repository's package managers, and the hosts it names. */
  policy: EgressPolicy | null
  uploadLimitBytes: number
  /** Only set-up at a base commit may fill the cache, so that an agent's commit cannot plant anything in it. */
  mayFillCache: boolean
  signal: AbortSignal
  onOutput(text: string): void
}

export interface SetUpResult {
  ok: boolean
  cached: boolean
  steps: Receipt[]
  ms: number
}

const timeoutMs = 900_000

/** For set-up that may run what an agent wrote: the cache still serves, downloads do not. */
export const noNetwork: EgressPolicy = { allow: [], uploadLimitBytes: 0 }

/** Runs what the commit needs, or unpacks what an earlier run produced. Leaves the egress rules of the set-up phase in force. */
export async function setUpSandbox(input: SetUpInput): Promise<SetUpResult> {
  const { sandbox, environment, signal, onOutput } = input
  const { plan } = environment
  if (plan.commands.length === 0) return { ok: true, cached: false, steps: [], ms: 0 }
  const startedMs = performance.now()
  const { allow, uploadLimitBytes } = input.policy ?? {
    allow: [...plan.hosts, ...environment.file.allowHosts],
    uploadLimitBytes: input.uploadLimitBytes,
  }
  await sandbox.setEgress({ allow, uploadLimitBytes }, 'setup')
  const { ok, cached, receipts } = await runSetup({ sandbox, plan, cache: cacheFor(input), timeoutMs, signal, onOutput })
  return { ok, cached, steps: receipts, ms: Math.round(performance.now() - startedMs) }
}

/** One repository's results are never another's; what runs on one backend may not run on the other. */
function cacheFor({ home, repository, sandbox, mayFillCache }: SetUpInput): SetupCache {
  const scope = createHash('sha256').update(`${sandbox.backend} ${repository.url}`).digest('hex')
  const cache = openSetupCache({ directory: join(home, 'setup-cache'), scope })
  return mayFillCache ? cache : { ...cache, keep: async () => false }
}
