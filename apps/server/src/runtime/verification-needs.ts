// What a verification needs from outside the airlock: how a commit is set up, and how it is checked.

import type { FindChecks, RunSetup } from '@slipway/airlock/verify/verification-ports'
import type { EgressPolicy, Repositories, Sandbox } from '@slipway/core/ports'
import { listBlobs, readBlob } from '@slipway/git/open-repositories'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { registryHosts } from '@slipway/sandbox/setup/registries'
import { readEnvironment } from './read-environment.ts'
import { noNetwork, setUpSandbox } from './set-up-sandbox.ts'
import { writesSetUp } from './writes-set-up.ts'

type Reader = Pick<Repositories, 'readFile' | 'listFiles'>

export interface VerificationNeeds {
  /** SLIPWAY_HOME */
  home: string
  repositories: Repositories
  egress: { agent: EgressPolicy; setup: EgressPolicy | null }
}

/**
 * An agent's commit chooses its packages, but not which hosts they come from, and leaves no trace in the cache.
 * Where it also wrote what the set-up runs, there is no network: nobody has looked at that code yet.
 */
export function setUpForVerification({ home, egress }: Pick<VerificationNeeds, 'home' | 'egress'>): RunSetup {
  return async (sandbox, { repository, sessionId, oid, signal, onOutput }) => {
    const gitDir = await openQuarantine({ home, url: repository.url, sessionId })
    const reader = readerOf(gitDir)
    const baseOid = await baseOf(sandbox, signal)
    const base = baseOid === null ? null : await readEnvironment(reader, { repository, oid: baseOid })
    const environment = await readEnvironment(reader, { repository, oid })
    const { plan, file } = environment
    const isOwn = baseOid === null || base === null || (await writesSetUp({ gitDir, baseOid, oid, before: base.plan, after: plan, signal }))
    const allowed = new Set([...registryHosts([]), ...(base?.plan.hosts ?? [])])
    return setUpSandbox({
      home,
      sandbox,
      repository,
      environment: {
        ...environment,
        plan: { ...plan, hosts: plan.hosts.filter((host) => allowed.has(host)) },
        file: { ...file, allowHosts: [] },
      },
      policy: isOwn ? noNetwork : egress.setup,
      uploadLimitBytes: egress.agent.uploadLimitBytes,
      mayFillCache: false,
      signal,
      onOutput,
    })
  }
}

/** A commit that is not in the mirror is an agent's own: there the files that name checks are looked for one by one. */
export function findChecks({ repositories }: Pick<VerificationNeeds, 'repositories'>): FindChecks {
  return async ({ repository, oid, readFile }) => {
    const listed = await repositories.listFiles({ repository, oid, limit: 20_000 }).catch(() => null)
    const reader: Reader = {
      readFile: ({ path }) => readFile(path),
      listFiles: async () => listed ?? { paths: await present(readFile), truncated: false },
    }
    return (await readEnvironment(reader, { repository, oid })).checks
  }
}

const NAMING_CHECKS = [
  '.slipway/environment.yaml',
  'package.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'pytest.ini',
  'go.mod',
  'Cargo.toml',
  'Makefile',
]

async function present(readFile: (path: string) => Promise<string | null>): Promise<string[]> {
  const found = await Promise.all(NAMING_CHECKS.map(async (path) => ((await readFile(path)) === null ? [] : [path])))
  return found.flat()
}

function readerOf(gitDir: string): Reader {
  return {
    readFile: ({ oid, path, maxBytes }) => readBlob({ gitDir, oid, path, maxBytes }),
    listFiles: ({ oid, limit }) => listBlobs({ gitDir, oid, limit }),
  }
}

/** A verification's work tree has the base commit as the branch `base`, and nothing of the agent has run in it yet. */
async function baseOf(sandbox: Sandbox, signal: AbortSignal): Promise<string | null> {
  const decoder = new TextDecoder()
  let text = ''
  const { exitCode } = await sandbox.exec({
    argv: ['git', 'rev-parse', '--verify', '--quiet', 'refs/heads/base'],
    timeoutMs: 30_000,
    signal,
    onOutput(chunk, stream) {
      if (stream === 'stdout' && text.length < 200) text += decoder.decode(chunk, { stream: true })
    },
  })
  const oid = text.trim()
  return exitCode === 0 && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(oid) ? oid : null
}
