// Publishes exactly one object id on exactly one branch, and recognises that it is there already.

import { resolve } from 'node:path'
import type { AssertHeld, ForgeFailure } from '@slipway/core/ports'
import { isSlipwayBranch } from './branch-name.ts'
import { classifyGitFailure, failure } from './classify-git-failure.ts'
import type { GitCredential } from './git-credential.ts'
import { listRemote } from './list-remote.ts'
import type { Remote } from './list-remote.ts'
import { farEndCommand } from './neutral-settings.ts'
import { isObjectId, requireObjectId } from './object-id.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { AddressRules } from './repository-url.ts'
import { runGit } from './run-git.ts'
import { syncReference } from './sync-reference.ts'

export interface PushCommitInput {
  /** Bare repository that has the commit. */
  gitDir: string
  url: string
  oid: string
  /** Must start with `slipway/`. */
  branch: string
  /** What the branch must point at now, where it is there; null: it must not exist. */
  expectedOid: string | null
  credential: GitCredential | null
  rules?: AddressRules
  signal?: AbortSignal
  assertHeld?: AssertHeld | undefined
  timeoutMs?: number
}

export type PushResult = { ok: true; alreadyThere: boolean } | ForgeFailure

/**
 * Pushes to `refs/heads/slipway/...` only. A push whose answer is lost counts as done when the branch turns out to be there. A
 * branch that was there and is gone, as after a merge, is made again: there is nothing that this could overwrite.
 */
export async function pushCommit(input: PushCommitInput): Promise<PushResult> {
  if (!isSlipwayBranch(input.branch))
    return failure('refused', `Slipway pushes to branches below slipway/ only, not to ${JSON.stringify(input.branch)}.`)
  return pushSafely(input, { mayMakeAgain: true })
}

/** The push itself, for callers that decided on another branch for a reason of their own, such as a person's merge. */
export async function pushToBranch(input: PushCommitInput): Promise<PushResult> {
  return pushSafely(input, { mayMakeAgain: false })
}

async function pushSafely(input: PushCommitInput, { mayMakeAgain }: { mayMakeAgain: boolean }): Promise<PushResult> {
  const parsed = parseRepositoryUrl(input.url, input.rules)
  if (!parsed.ok) return failure('refused', parsed.message)
  requireObjectId(input.oid)
  if (input.expectedOid !== null) requireObjectId(input.expectedOid)
  const remote: Remote = { address: parsed.address, credential: input.credential }
  const pushed = await pushOrFind(remote, input, mayMakeAgain)
  // The far end's disk is ours to care for; also when somebody pushed it who did not live to do so.
  if (pushed.ok && parsed.address.protocol === 'file') await syncFarEnd(parsed.address.url, input.branch)
  return pushed
}

async function pushOrFind(remote: Remote, wanted: PushCommitInput, mayMakeAgain: boolean): Promise<PushResult> {
  const before = await branchAt(remote, wanted)
  if (!before.ok) return before
  if (before.oid === wanted.oid) return { ok: true, alreadyThere: true }
  const input = before.oid === null && mayMakeAgain ? { ...wanted, expectedOid: null } : wanted
  if (before.oid !== input.expectedOid) return moved(input, before.oid)
  if (!(await isFastForward(input)))
    return failure('conflict', `${input.oid} does not contain ${input.expectedOid}, which ${input.branch} points at. Nothing was pushed.`)
  input.assertHeld?.()
  const result = await pushOnce(remote, input)
  if (result.exitCode === 0) return { ok: true, alreadyThere: false }
  const after = await branchAt(remote, { ...input, signal: undefined })
  if (after.ok && after.oid === input.oid) return { ok: true, alreadyThere: true }
  if (after.ok && after.oid !== input.expectedOid) return moved(input, after.oid)
  const refused = classifyGitFailure(result, `Pushing to ${remote.address.url}`)
  // git sends a push again whose connection broke, and that one may have met the first: nobody knows before the next look.
  return refused.problem === 'conflict' && !after.ok ? after : refused
}

async function branchAt(
  remote: Remote,
  input: { branch: string; signal?: AbortSignal | undefined },
): Promise<{ ok: true; oid: string | null } | ForgeFailure> {
  const ref = `refs/heads/${input.branch}`
  const listed = await listRemote(remote, { refs: [ref], ...(input.signal ? { signal: input.signal } : {}) })
  return listed.ok ? { ok: true, oid: listed.remote.refs.get(ref) ?? null } : listed
}

async function syncFarEnd(path: string, branch: string): Promise<void> {
  const found = await runGit({ args: ['rev-parse', '--git-common-dir'], cwd: path })
  if (found.exitCode === 0) await syncReference(resolve(path, found.stdout.toString('utf8').replace(/\n$/, '')), `refs/heads/${branch}`)
}

async function isFastForward(input: PushCommitInput): Promise<boolean> {
  if (input.expectedOid === null) return true
  const result = await runGit({ args: ['merge-base', '--is-ancestor', input.expectedOid, input.oid], gitDir: input.gitDir })
  return result.exitCode === 0
}

function pushOnce({ address, credential }: Remote, input: PushCommitInput) {
  const ref = `refs/heads/${input.branch}`
  return runGit({
    args: [
      'push',
      '--porcelain',
      '--no-verify',
      '--no-follow-tags',
      '--no-signed',
      '--no-recurse-submodules',
      // The lease makes the far end compare and swap; an empty expectation means that the branch must not exist.
      `--force-with-lease=${ref}:${input.expectedOid ?? ''}`,
      ...(address.protocol === 'file' ? [`--receive-pack=${farEndCommand('receive-pack')}`] : []),
      '--',
      address.url,
      `${input.oid}:${ref}`,
    ],
    gitDir: input.gitDir,
    protocol: address.protocol,
    remote: { url: address.url, credential },
    timeoutMs: input.timeoutMs ?? 5 * 60_000,
    ...(input.signal ? { signal: input.signal } : {}),
  })
}

function moved(input: PushCommitInput, found: string | null): ForgeFailure {
  const shown = found !== null && isObjectId(found) ? `is at ${found}` : 'does not exist any more'
  return failure(
    'conflict',
    `${input.branch} ${shown}, not where this session left it (${input.expectedOid ?? 'not there'}). Somebody else changed it; nothing was pushed.`,
  )
}
