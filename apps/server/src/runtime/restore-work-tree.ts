// Brings a session's work tree to its last checkpoint, or to the newest one before it that is whole.

import type { Sandbox, Workspace, WorkspaceSpec } from '@slipway/core/ports'

export type Restored =
  | { ok: true; tree: Pick<Workspace, 'restoredFrom' | 'takenBackTo'> }
  /** failed: the checkpoints are on another machine. lost: none of them is whole, and the work tree holds nothing that counts. */
  | { ok: false; kind: 'failed' | 'lost'; message: string }

/** Leaves the work tree of a session without a checkpoint alone. Throws SandboxLost. */
export async function restoreWorkTree(
  spec: Pick<WorkspaceSpec, 'checkpoint' | 'earlierCheckpoints' | 'workOid' | 'baseOid'>,
  sandbox: Sandbox,
): Promise<Restored> {
  const { checkpoint, workOid, baseOid } = spec
  if (checkpoint === null) return { ok: true, tree: { restoredFrom: workOid ?? baseOid, takenBackTo: null } }
  const newest = await sandbox.restore(checkpoint)
  if (newest.ok) return { ok: true, tree: { restoredFrom: checkpoint, takenBackTo: null } }
  if (newest.kind === 'none') return { ok: false, kind: 'failed', message: elsewhere(newest.message) }
  for (const earlier of await spec.earlierCheckpoints()) {
    const restored = await sandbox.restore(earlier)
    if (restored.ok) return { ok: true, tree: { restoredFrom: earlier, takenBackTo: { checkpoint: earlier, treeHash: restored.treeHash } } }
  }
  return { ok: false, kind: 'lost', message: newest.message }
}

function elsewhere(reason: string): string {
  return `The work tree's last checkpoint is not on this machine (${reason}). Run the worker that began the session, or start again from its last commit with \`slipway fork\`.`
}
