// Puts a commit of the host's into a sandbox's repository, so that it can be merged there. The sandbox never sees a remote.

import type { Sandbox } from '@slipway/core/ports'
import { bundleCommits } from '@slipway/git/bundle-commits'
import { requireObjectId } from '@slipway/git/object-id'
import { gitInside, runInSandbox } from '../run-in-sandbox.ts'
import { packOf } from '../seed-workspace.ts'

export interface SendInput {
  sandbox: Sandbox
  gitDir: string
  oid: string
  /** A commit that the sandbox has. */
  haveOid: string
  signal: AbortSignal
}

const sendTimeoutMs = 10 * 60_000

/** Does nothing when the sandbox has the commit. Returns what went wrong, in words, or null. */
export async function sendCommit({ sandbox, gitDir, oid, haveOid, signal }: SendInput): Promise<string | null> {
  const known = await runInSandbox(sandbox, { argv: gitInside(['cat-file', '-e', `${requireObjectId(oid)}^{commit}`]), signal })
  if (known.ok) return null
  const bundle = bundleCommits({ gitDir, refs: [{ name: 'refs/heads/base', oid }], haveOids: [haveOid], signal })
  const argv = gitInside(['index-pack', '--stdin'])
  const sent = await runInSandbox(sandbox, { argv, stdin: packOf(bundle), timeoutMs: sendTimeoutMs, signal })
  return sent.ok ? null : `the commit could not be put into the sandbox (exit code ${sent.exitCode}): ${sent.stderr.trim().slice(0, 500)}`
}
