// Brings what the base has become into the work tree: fetched by the host, merged in the sandbox, kept as a checkpoint. The model does the rest.

import { parkBodies } from '@slipway/core/moves/guard-move'
import { CheckpointFailed, type Sandbox, SandboxLost } from '@slipway/core/ports'
import type { DriveContext } from '../drive-context.ts'
import { WorkspaceUnavailable } from '../workspace-handle.ts'
import { fetchBase } from './prepare-repository.ts'

const deadlineMs = 600_000
const attempts = 2

/** Appends `base-taken-in`, or parks with the reason. Until then the work tree of the log is the one of before, so it can be begun again. */
export async function takeInBase(context: DriveContext, base: string): Promise<void> {
  const { session } = context
  const fetched = await fetchBase(context, { ...session.state().repositoryRef, base }, `fetching ${base}`)
  if (fetched === null) return
  for (let attempt = 1; ; attempt++) {
    const done = await mergeOnce(context, base, fetched.baseOid)
    if (done === null || session.state().stop || context.signal.aborted) return
    if (done.isLost && attempt < attempts) continue
    await session.intend(parkBodies(session.decide(), 'sandbox', done.message))
    return
  }
}

/** null: it is in the log. */
async function mergeOnce(context: DriveContext, base: string, oid: string): Promise<{ message: string; isLost: boolean } | null> {
  let sandbox: Sandbox | null = null
  try {
    sandbox = await context.workspace.sandbox()
    return await merge(context, sandbox, { base, oid })
  } catch (error) {
    if (error instanceof WorkspaceUnavailable) return { message: error.message, isLost: false }
    if (error instanceof SandboxLost) {
      context.workspace.forget(error.sandboxId)
      return { message: `The sandbox ended while ${base} was merged: ${error.message}`, isLost: true }
    }
    // The work tree may have half a merge in it; the next one is that of the log.
    if (sandbox !== null) await context.workspace.discard(sandbox)
    if (error instanceof CheckpointFailed) return { message: error.message, isLost: false }
    throw error
  }
}

async function merge(
  { session, ports, workspace, progress, effect }: DriveContext,
  sandbox: Sandbox,
  { base, oid }: { base: string; oid: string },
): Promise<{ message: string; isLost: boolean } | null> {
  const { repositoryRef: repository, repository: prepared, sessionId, work } = session.state()
  progress('repository', `merging ${base}`, deadlineMs)
  const parentOid = work.commit?.oid ?? prepared?.baseOid ?? oid
  const taken = await effect((signal) => ports.airlock.takeIn({ repository, sessionId, sandbox, base, oid, parentOid, signal }))
  if (!taken.ok) {
    await workspace.discard(sandbox)
    return { message: taken.message, isLost: false }
  }
  const fact = { type: 'base-taken-in' as const, base, baseOid: oid, conflicts: taken.conflicts }
  if (taken.isContained) {
    await session.record([{ ...fact, checkpoint: null }])
    return null
  }
  const { checkpoint, treeHash, ms } = await sandbox.checkpoint()
  if (!workspace.isOpen(sandbox)) return { message: 'The work tree was taken back meanwhile.', isLost: true }
  await session.record([
    { type: 'checkpoint-created', checkpoint, treeHash, callId: null, ms },
    { ...fact, checkpoint },
  ])
  return null
}
