// The Workspaces port: a sandbox with the session's repository in it, set up and brought to the session's last checkpoint.

import { seedWorkspace } from '@slipway/airlock/seed-workspace'
import type { RunSetup } from '@slipway/airlock/verify/verification-ports'
import type { RepositoryRef } from '@slipway/core/events'
import type { Clock, EgressPolicy, Ids, Repositories, Sandbox, Sandboxes, SandboxLimits, Workspace, Workspaces, WorkspaceSpec } from '@slipway/core/ports'
import { SandboxLost } from '@slipway/core/ports'
import type { SetupCache } from '@slipway/sandbox/setup/setup-cache'
import { examine, filesInSandbox, MAX_FILE_BYTES, MAX_PATHS, type Examined } from './examine.ts'
import { setUp } from './set-up.ts'

export interface WorkspaceParts {
  sandboxes: Pick<Sandboxes, 'create'>
  repositories: Repositories
  cache: SetupCache
  clock: Clock
  ids: Ids
  limits: SandboxLimits
  egress: { setup: EgressPolicy; agent: EgressPolicy }
}

const START_LIMIT_MS = 60_000
const SETUP_LIMIT_MS = 30 * 60_000

/** Files of a session lie in the workspace that bears its id, so that they are found again after the sandbox's death. */
export function openWorkspaces(parts: WorkspaceParts): Workspaces {
  return {
    describe: async (at) => (await examineCommit(parts.repositories, at)).environment,
    async open(spec) {
      const startedMs = parts.clock.now()
      spec.onPhase('starting the sandbox', START_LIMIT_MS)
      const created = await parts.sandboxes.create(spec.backend, {
        sandboxId: parts.ids.next(),
        sessionId: spec.sessionId,
        workspace: spec.sessionId,
        limits: parts.limits,
        egress: parts.egress.agent,
        phase: 'agent',
        onEgress: spec.onEgress,
      })
      if (!created.ok) return created
      try {
        return { ok: true, workspace: await fill(created.sandbox, spec, parts, startedMs) }
      } catch (error) {
        await created.sandbox.close({ deleteWorkspace: false }).catch(() => undefined)
        if (error instanceof SandboxLost || spec.signal.aborted) throw error
        return { ok: false, kind: 'failed', message: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

/** Set-up of a clean sandbox at an agent's commit: its own packages, but only hosts that the installation allows, and no trace in the cache. */
export function setUpForVerification({ cache, clock, egress }: Pick<WorkspaceParts, 'cache' | 'clock' | 'egress'>): RunSetup {
  return async (sandbox, { repository, signal, onOutput }) => {
    const files = filesInSandbox(sandbox)
    const examined = await examine({ paths: await files.list(), read: files.read })
    return setUp({ sandbox, repositoryUrl: repository.url, examined, egress: egress.setup, cache, cacheUse: 'read', clock, signal, onOutput })
  }
}

/** Reads the host's mirror; throws when the commit is not in it. */
export async function examineCommit(repositories: Repositories, at: { repository: RepositoryRef; oid: string }): Promise<Examined> {
  const { paths } = await repositories.listFiles({ ...at, limit: MAX_PATHS })
  return examine({ paths, read: (path) => repositories.readFile({ ...at, path, maxBytes: MAX_FILE_BYTES }) })
}

async function fill(sandbox: Sandbox, spec: WorkspaceSpec, parts: WorkspaceParts, startedMs: number): Promise<Workspace> {
  const { repository, sessionId, baseBranch, baseOid, branch, workOid, checkpoint, signal } = spec
  spec.onPhase('copying the repository into the sandbox', START_LIMIT_MS)
  const bundle = parts.repositories.bundle({ repository, sessionId, baseOid, workOid })
  const { seeded } = await seedWorkspace({ sandbox, bundle, baseBranch, branch, baseOid, workOid, signal })
  // A work tree that is there and was saved once has been set up: ignored files, such as installed packages, stay in it.
  const setup = seeded || checkpoint === null ? await setUpAtBase(sandbox, spec, parts) : null
  if (checkpoint !== null) {
    const restored = await sandbox.restore(checkpoint)
    if (!restored.ok) throw new Error(`The session's files cannot be brought back: ${restored.message}. A fork of the session begins again from its base.`)
  }
  return { sandbox, setup, restoredFrom: checkpoint ?? workOid ?? baseOid, ms: parts.clock.now() - startedMs }
}

async function setUpAtBase(sandbox: Sandbox, spec: WorkspaceSpec, { repositories, egress, cache, clock }: WorkspaceParts): Promise<NonNullable<Workspace['setup']>> {
  const { repository, signal, onOutput } = spec
  spec.onPhase('setting the repository up', SETUP_LIMIT_MS)
  const examined = await examineCommit(repositories, { repository, oid: spec.baseOid })
  const widened = { ...egress.setup, allow: [...egress.setup.allow, ...examined.allowHosts] }
  const setup = await setUp({ sandbox, repositoryUrl: repository.url, examined, egress: widened, cache, cacheUse: 'read-and-write', clock, signal, onOutput })
  await sandbox.setEgress(egress.agent, 'agent')
  return setup
}
