// Commits the work tree inside the sandbox. Everything here is a request to hostile code; the pack that follows is what is checked.

import type { Sandbox } from '@slipway/core/ports'
import { isObjectId } from '@slipway/git/object-id'
import type { Identity } from '../identity.ts'
import { gitInside, identityEnvironment, onePiece, runInSandbox } from '../run-in-sandbox.ts'
import type { InsideResult } from '../run-in-sandbox.ts'

export interface CommitInsideInput {
  sandbox: Sandbox
  parentOid: string
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
    const moved = await inside(['reset', '--quiet', '--soft', input.parentOid])
    if (!moved.ok) return failed('git reset', moved)
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

function failed(command: string, { exitCode, stderr }: InsideResult): { ok: false; message: string } {
  return {
    ok: false,
    message: `${command} did not work in the work tree (exit code ${exitCode}): ${stderr.trim().slice(0, 800) || 'no message'}`,
  }
}
