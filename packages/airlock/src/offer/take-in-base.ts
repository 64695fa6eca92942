// Merges what the base has become into the work tree of a sandbox. What comes of it is judged when it is offered, like everything else.

import type { Airlock } from '@slipway/core/ports'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { requireObjectId } from '@slipway/git/object-id'
import { runGit } from '@slipway/git/run-git'
import type { Identity } from '../identity.ts'
import { gitInside, identityEnvironment, runInSandbox } from '../run-in-sandbox.ts'
import { sendCommit } from './send-commit.ts'

export type TakeInInput = Parameters<Airlock['takeIn']>[0]
export type TakeInResult = Awaited<ReturnType<Airlock['takeIn']>>

/** Implements `Airlock.takeIn`. */
export async function takeInBase(input: TakeInInput, { home, identity }: { home: string; identity: Identity }): Promise<TakeInResult> {
  const { sandbox, oid, parentOid, base, signal, repository, sessionId } = input
  const gitDir = await openQuarantine({ home, url: repository.url, sessionId })
  const contained = await runGit({
    args: ['merge-base', '--is-ancestor', requireObjectId(oid), requireObjectId(parentOid)],
    gitDir,
    signal,
  })
  if (contained.exitCode === 0) return { ok: true, isContained: true, conflicts: [] }
  const problem = await sendCommit({ sandbox, gitDir, oid, haveOid: parentOid, signal })
  if (problem !== null) return failed(base, problem)
  const env = { ...identityEnvironment(identity), OID: oid, PARENT: parentOid, REF: `refs/remotes/origin/${base}` }
  const merged = await runInSandbox(sandbox, { argv: ['bash', '-c', script], env, timeoutMs: 10 * 60_000, signal })
  if (!merged.ok && merged.exitCode !== conflicting)
    return failed(base, `git ended with ${merged.exitCode}: ${merged.stderr.trim().slice(0, 500)}`)
  const conflicts = merged.exitCode === conflicting ? merged.stdout.split('\0').filter((path) => path !== '') : []
  return { ok: true, isContained: false, conflicts }
}

const conflicting = 9

// A try that was cut off may have left a merge begun, with the files as they were before. What nobody has committed is kept in a
// commit of its own, so that a merge can be told from it.
const script = `set -e
git() { command ${gitInside([]).join(' ')} "$@"; }
git merge --quit
git reset --quiet
git update-ref "$REF" "$OID"
git add --all
git merge-base --is-ancestor "$PARENT" HEAD || git reset --quiet --soft "$PARENT"
git diff --cached --quiet --no-ext-diff HEAD || git commit --quiet --no-verify -m 'Keep what was not committed yet'
if git merge --quiet --no-commit --no-ff --no-verify "$REF" > /dev/null; then exit 0; fi
git rev-parse --quiet --verify MERGE_HEAD > /dev/null || exit 8
git diff --name-only --diff-filter=U -z
exit ${conflicting}`

function failed(base: string, why: string): TakeInResult {
  return { ok: false, message: `${base} could not be merged into the work tree: ${why}` }
}
