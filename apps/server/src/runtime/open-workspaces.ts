// The Workspaces port: a sandbox with the session's repository in it, at the tree it had when it was last seen.

import type { SetupFinished } from '@slipway/core/events'
import type {
  EgressPolicy,
  Ids,
  Repositories,
  Sandbox,
  SandboxLimits,
  Sandboxes,
  Workspace,
  WorkspaceSpec,
  Workspaces,
} from '@slipway/core/ports'
import { CheckpointFailed, SandboxLost } from '@slipway/core/ports'
import { rememberLast } from '@slipway/core/remember-last'
import { seedWorkspace } from '@slipway/airlock/seed-workspace'
import { diskFullAdvice } from './disk-full.ts'
import { type CommitEnvironment, mcpOf, readEnvironment } from './read-environment.ts'
import { restoreWorkTree, type Restored } from './restore-work-tree.ts'
import { noNetwork, setUpSandbox } from './set-up-sandbox.ts'

export interface WorkspaceNeeds {
  /** SLIPWAY_HOME */
  home: string
  sandboxes: Sandboxes
  repositories: Repositories
  ids: Ids
  limits: SandboxLimits
  egress: { agent: EgressPolicy; setup: EgressPolicy | null }
}

const startDeadlineMs = 60_000
const setupDeadlineMs = 900_000

interface Needs extends WorkspaceNeeds {
  /** Read once for the prompt and the set-up of a session, and of the next one that starts from the same commit. */
  environmentOf(at: Parameters<typeof readEnvironment>[1]): Promise<CommitEnvironment>
}

const rememberedEnvironments = 8

/** Opens work trees on this machine's sandboxes. */
export function openWorkspaces(given: WorkspaceNeeds): Workspaces {
  const readOnce = rememberLast<CommitEnvironment>(rememberedEnvironments)
  const needs: Needs = {
    ...given,
    environmentOf: (at) => readOnce(`${at.oid} ${at.repository.url}`, () => readEnvironment(given.repositories, at)),
  }
  return {
    async describe(at) {
      const { plan, checks, file, problems } = await needs.environmentOf(at)
      return { setup: plan.commands, checks, mcp: mcpOf(file), problems }
    },
    async open(spec) {
      const startedMs = performance.now()
      const opened = await openOnce(needs, spec, 'kept')
      if (opened.ok) return { ok: true, workspace: { ...opened.workspace, ms: Math.round(performance.now() - startedMs) } }
      if (opened.kind !== 'lost') return opened
      // Nothing of the work tree's past is whole, so it begins again with what git has of it.
      const again = await openOnce(needs, spec, 'from-commit')
      if (again.ok) return { ok: true, workspace: { ...again.workspace, ms: Math.round(performance.now() - startedMs) } }
      return again.kind === 'lost' ? { ok: false, kind: 'failed', message: again.message } : again
    },
  }
}

type Opened =
  | { ok: true; workspace: Omit<Workspace, 'ms'> }
  | { ok: false; kind: 'none' | 'unsafe' | 'failed'; message: string }
  /** The sandbox was well; no checkpoint of its work tree is. */
  | { ok: false; kind: 'lost'; message: string }

async function openOnce(needs: Needs, spec: WorkspaceSpec, start: 'kept' | 'from-commit'): Promise<Opened> {
  spec.onPhase('starting the sandbox', startDeadlineMs, 'start')
  const created = await createSandbox(needs, spec)
  if (!created.ok) return created
  const { sandbox } = created
  try {
    const setup = await fill(needs, spec, sandbox)
    await sandbox.setEgress(needs.egress.agent, 'agent')
    const restored = start === 'kept' ? await restoreWorkTree(spec, sandbox) : await keepAsItIs(spec, sandbox)
    if (restored.ok) return { ok: true, workspace: { sandbox, setup, ...restored.tree } }
    await sandbox.close({ deleteWorkspace: restored.kind === 'lost' })
    return restored
  } catch (error) {
    const message = error instanceof CheckpointFailed ? error.message : diskFullAdvice(error)
    // A work tree that ran out of room is half a work tree.
    await sandbox.close({ deleteWorkspace: message !== null }).catch(() => undefined)
    if (message !== null) return { ok: false, kind: 'failed', message }
    if (error instanceof SandboxLost)
      return { ok: false, kind: 'failed', message: `The sandbox ended while it was prepared: ${error.message}` }
    throw error
  }
}

async function createSandbox(needs: WorkspaceNeeds, spec: WorkspaceSpec): ReturnType<Sandboxes['create']> {
  try {
    const created = await needs.sandboxes.create(spec.backend, {
      sandboxId: needs.ids.next(),
      sessionId: spec.sessionId,
      workspace: spec.sessionId,
      limits: needs.limits,
      egress: { allow: [], uploadLimitBytes: 0 },
      phase: 'setup',
      onEgress: spec.onEgress,
      assertHeld: spec.assertHeld,
    })
    // A self-test gives the usual causes of a backend that does not work, and this is none of them.
    const advice = created.ok ? null : diskFullAdvice(new Error(created.message))
    return advice === null ? created : { ok: false, kind: 'failed', message: advice }
  } catch (error) {
    const message = diskFullAdvice(error)
    if (message === null) throw error
    return { ok: false, kind: 'failed', message }
  }
}

/** The files of the session's last commit, or of the base, as a checkpoint of their own. */
async function keepAsItIs(spec: WorkspaceSpec, sandbox: Sandbox): Promise<Restored> {
  const { checkpoint, treeHash } = await sandbox.checkpoint()
  return { ok: true, tree: { restoredFrom: spec.workOid ?? spec.baseOid, takenBackTo: { checkpoint, treeHash } } }
}

type Setup = Omit<SetupFinished, 'type'> | null

/**
 * Puts the repository in and runs its set-up; null when the work tree was there already. Only files that no agent has touched
 * are set up with a network: the base commit in an empty work tree, or the tree of a session whose agent has not begun.
 */
async function fill(needs: Needs, spec: WorkspaceSpec, sandbox: Sandbox): Promise<Setup> {
  const { repository, sessionId, baseBranch, baseOid, branch, workOid, signal } = spec
  spec.onPhase('copying the repository into the sandbox', startDeadlineMs, 'start')
  const bundle = needs.repositories.bundle({ repository, sessionId, baseOid, workOid })
  let setup: Setup | 'not yet' = 'not yet'
  const beforeWork = async (): Promise<'untouched' | 'changed'> => {
    setup = await setUp(needs, spec, sandbox, 'untouched')
    return setup === null ? 'untouched' : 'changed'
  }
  const { seeded } = await seedWorkspace({ sandbox, bundle, baseBranch, branch, baseOid, workOid, signal, beforeWork, endMark: marker })
  if (setup !== 'not yet') return setup
  if (!seeded && (await hasMarker(sandbox, signal))) return null
  // The first checkpoint is made when the sandbox is handed over, before anything of the agent runs in it.
  const hasBegun = spec.checkpoint !== null || workOid !== null
  setup = await setUp(needs, spec, sandbox, hasBegun ? 'touched' : 'untouched')
  await sandbox.exec({ argv: ['touch', marker], timeoutMs: startDeadlineMs, signal })
  return setup
}

async function setUp(needs: Needs, spec: WorkspaceSpec, sandbox: Sandbox, tree: 'untouched' | 'touched'): Promise<Setup> {
  const { repository, baseOid, signal, onOutput } = spec
  const environment = await needs.environmentOf({ repository, oid: baseOid })
  const { plan } = environment
  if (plan.commands.length === 0) return null
  spec.onPhase(`setting up: ${plan.commands.join(' && ')}`, setupDeadlineMs, 'setup')
  return setUpSandbox({
    home: needs.home,
    sandbox,
    repository,
    environment,
    policy: tree === 'untouched' ? needs.egress.setup : noNetwork,
    uploadLimitBytes: needs.egress.agent.uploadLimitBytes,
    mayFillCache: tree === 'untouched',
    signal,
    onOutput,
  })
}

/** Lies in the sandbox's own git directory: not in the work tree, and gone with it. */
const marker = '.git/slipway-set-up'

async function hasMarker(sandbox: Sandbox, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await sandbox.exec({ argv: ['test', '-e', marker], timeoutMs: startDeadlineMs, signal })
  return exitCode === 0
}
