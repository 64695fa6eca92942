// Commits the work tree inside the sandbox. Everything here is a request to hostile code; the pack that follows is what is checked.

import type { Sandbox } from '@slipway/core/ports'
import { isObjectId } from '@slipway/git/object-id'
import type { Identity } from '../identity.ts'
import { gitInside, identityEnvironment, onePiece, runInSandbox } from '../run-in-sandbox.ts'
import type { InsideResult } from '../run-in-sandbox.ts'

export interface CommitInsideInput {
  sandbox: Sandbox
  parentOid: string
  /** What becomes a parent besides; null: nothing. */
  mergeOid: string | null
  message: string
  identity: Identity
  signal: AbortSignal
}

/** The commit that the sandbox claims to have at HEAD afterwards. An unchanged tree makes no new commit. */
export async function commitInside(input: CommitInsideInput): Promise<{ ok: true; oid: string } | { ok: false; message: string }> {
  const inside = (args: string[], stdin?: string) =>
    runInSandbox(input.sandbox, {
      argv: gitInside(args),
      env: identityEnvironment(input.identity),
      signal: input.signal,
      ...(stdin === undefined ? {} : { stdin: onePiece(stdin) }),
    })
  const added = await inside(['add', '--all'])
  if (!added.ok) return failed('git add', added)
  // An agent that rewrote or left its branch still offers its work: as one commit on top of the last one.
  const continues = await inside(['merge-base', '--is-ancestor', input.parentOid, 'HEAD'])
  if (!continues.ok) {
    await inside(['merge', '--quit'])
    const moved = await inside(['reset', '--quiet', '--soft', input.parentOid])
    if (!moved.ok) return failed('git reset', moved)
  }
  if (input.mergeOid !== null && !(await inside(['merge-base', '--is-ancestor', input.mergeOid, 'HEAD'])).ok) {
    const merged = await commitMerge(input, input.mergeOid, inside)
    if (!merged.ok) return merged
  }
  const unchanged = await inside(['diff', '--cached', '--quiet', '--no-ext-diff', 'HEAD'])
  if (!unchanged.ok) {
    const committed = await inside(
      ['commit', '--quiet', '--no-verify', '--cleanup=whitespace', '-F', '-'],
      `${input.message.trim() || 'Update'}\n`,
    )
    if (!committed.ok) return failed('git commit', committed)
  }
  const head = await inside(['rev-parse', '--verify', 'HEAD^{commit}'])
  const oid = head.stdout.trim()
  if (!head.ok || !isObjectId(oid)) return failed('git rev-parse', head)
  return { ok: true, oid }
}

type Inside = (args: string[], stdin?: string) => Promise<InsideResult>

/** By hand, because the repository may have forgotten that a merge was begun; the work tree has not. */
async function commitMerge(
  { message }: CommitInsideInput,
  mergeOid: string,
  inside: Inside,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const tree = await inside(['write-tree'])
  if (!tree.ok) return failed('git write-tree', tree)
  const committed = await inside(
    ['commit-tree', '-p', 'HEAD', '-p', mergeOid, '-F', '-', tree.stdout.trim()],
    `${message.trim() || 'Merge the base'}\n`,
  )
  const oid = committed.stdout.trim()
  if (!committed.ok || !isObjectId(oid)) return failed('git commit-tree', committed)
  const moved = await inside(['update-ref', 'HEAD', oid])
  if (!moved.ok) return failed('git update-ref', moved)
  await inside(['merge', '--quit'])
  return { ok: true }
}

function failed(command: string, { exitCode, stderr }: InsideResult): { ok: false; message: string } {
  return {
    ok: false,
    message: `${command} did not work in the work tree (exit code ${exitCode}): ${stderr.trim().slice(0, 800) || 'no message'}`,
  }
}
