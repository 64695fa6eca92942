// The host's own bare copy of a repository: brought up to date, and the branch to start from resolved to one commit.

import { randomUUID } from 'node:crypto'
import { saysDiskFull } from '@slipway/core/errors/disk-full'
import type { ForgeFailure } from '@slipway/core/ports'
import { ensureBareRepository } from './bare-repository.ts'
import { isBranchName } from './branch-name.ts'
import { classifyGitFailure, failure } from './classify-git-failure.ts'
import { countFiles } from './count-files.ts'
import type { GitCredential } from './git-credential.ts'
import { mirrorPath } from './host-paths.ts'
import { listRemote } from './list-remote.ts'
import type { Remote, RemoteRefs } from './list-remote.ts'
import { farEndCommand } from './neutral-settings.ts'
import { objectFormatOf } from './object-id.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import type { AddressRules } from './repository-url.ts'
import { removeStaleLocks } from './remove-stale-locks.ts'
import { git, GitFailed, runGit } from './run-git.ts'
import { withFileLock } from './with-file-lock.ts'

/** More than the largest repositories that are worked on. */
const mostFiles = 5_000_000

export interface PrepareMirrorInput {
  home: string
  url: string
  /** Branch to start from; null: the repository's default branch. */
  base: string | null
  credential: GitCredential | null
  rules?: AddressRules
  signal?: AbortSignal
  /** For the transfer; default 15 minutes. */
  timeoutMs?: number
}

export type PreparedMirror = { ok: true; mirror: string; baseBranch: string; baseOid: string } | ForgeFailure

/** Clones or updates the mirror. The base commit stays in it from then on, whatever the repository does to its branch. */
export async function prepareMirror(input: PrepareMirrorInput): Promise<PreparedMirror> {
  const parsed = parseRepositoryUrl(input.url, input.rules)
  if (!parsed.ok) return failure('refused', parsed.message)
  if (input.base !== null && !isBranchName(input.base)) return failure('not-found', `${JSON.stringify(input.base)} is not a branch name.`)
  const remote: Remote = { address: parsed.address, credential: input.credential }
  const listed = await listRemote(remote, {
    refs: input.base === null ? ['HEAD', 'refs/heads/*'] : ['HEAD', `refs/heads/${input.base}`],
    ...signalOf(input),
  })
  if (!listed.ok) return listed
  const base = chooseBase(listed.remote, input)
  if (!base.ok) return base
  const mirror = mirrorPath(input.home, parsed.address.url)
  const timeoutMs = input.timeoutMs ?? 15 * 60_000
  return withFileLock(`${mirror}.lock`, { timeoutMs, ...signalOf(input) }, async () => {
    await ensureBareRepository(mirror, { objectFormat: objectFormatOf(base.oid), borrowFrom: [] })
    await removeStaleLocks(mirror)
    const fetched = await fetchBase(mirror, remote, base, { ...input, timeoutMs })
    return fetched.ok ? { ok: true, mirror, baseBranch: base.branch, baseOid: fetched.oid } : fetched
  })
}

type Base = { ok: true; branch: string; oid: string }

function chooseBase({ headBranch, refs }: RemoteRefs, input: PrepareMirrorInput): Base | ForgeFailure {
  if (input.base !== null) {
    const oid = refs.get(`refs/heads/${input.base}`)
    if (oid) return { ok: true, branch: input.base, oid }
    if (!refs.has('HEAD')) return emptyRepository(input.url)
    return failure(
      'not-found',
      `${input.url} has no branch ${input.base}. Check the name, or leave it out to start from the default branch.`,
    )
  }
  const headOid = headBranch === null ? undefined : refs.get(`refs/heads/${headBranch}`)
  if (headBranch !== null && headOid) return { ok: true, branch: headBranch, oid: headOid }
  if (refs.size === 0) return emptyRepository(input.url)
  return failure('not-found', `${input.url} does not say which branch is its default. Name one with --base.`)
}

function emptyRepository(url: string): ForgeFailure {
  return failure('empty-repository', `${url} has no commits yet. Push a first commit and try again.`)
}

async function fetchBase(
  mirror: string,
  remote: Remote,
  base: Base,
  input: PrepareMirrorInput & { timeoutMs: number },
): Promise<{ ok: true; oid: string } | ForgeFailure> {
  if (await hasWholeCommit(mirror, base.oid)) return { ok: true, oid: base.oid }
  const incoming = `refs/slipway/incoming/${randomUUID()}`
  const { address, credential } = remote
  const result = await runGit({
    args: [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--no-recurse-submodules',
      '--no-auto-maintenance',
      '--refmap=',
      ...(address.protocol === 'file' ? [`--upload-pack=${farEndCommand('upload-pack')}`] : []),
      '--',
      address.url,
      `+refs/heads/${base.branch}:${incoming}`,
    ],
    gitDir: mirror,
    protocol: address.protocol,
    remote: { url: address.url, credential },
    timeoutMs: input.timeoutMs,
    ...signalOf(input),
  })
  // This machine's disk, which no other address or account would help.
  if (result.exitCode !== 0 && saysDiskFull(ownWords(result.stderr))) throw new GitFailed('fetch', result)
  if (result.exitCode !== 0) return classifyGitFailure(result, `Fetching ${address.url}`)
  // The branch may have moved between the question and the fetch; what was fetched counts.
  const fetched = await runGit({ args: ['rev-parse', '--verify', '--quiet', `${incoming}^{commit}`], gitDir: mirror })
  // git takes no branch from a shallow clone, and says so only in words.
  if (fetched.exitCode !== 0)
    return failure('refused', `${address.url} is a shallow clone. Run \`git fetch --unshallow\` in it and try again.`)
  const oid = fetched.stdout.toString('utf8').trim()
  const problem = await problemOfSize(mirror, oid)
  if (problem !== null) {
    await git({ args: ['update-ref', '-d', incoming], gitDir: mirror })
    return failure('refused', `${address.url} cannot be worked on: ${problem}`)
  }
  // The kept ref holds the commit when the branch is rewritten upstream; it also says that the history below it is complete.
  await git({ args: ['update-ref', '--stdin'], gitDir: mirror, stdin: `update ${keptRef(oid)} ${oid}\ndelete ${incoming}\n` })
  return { ok: true, oid }
}

/** Without what the other side said. */
function ownWords(stderr: string): string {
  return stderr.replace(/^remote:.*$/gm, '')
}

/** A few trees that name one another can stand for more files than any disk holds, or for folders without end. */
async function problemOfSize(mirror: string, oid: string): Promise<string | null> {
  try {
    const files = await countFiles({ gitDir: mirror, oid, limit: mostFiles })
    return files > mostFiles ? `its branch has more than ${mostFiles} files.` : null
  } catch (error) {
    if (error instanceof GitFailed) return 'git broke down over its files; the folders may be nested too deeply.'
    throw error
  }
}

/** A kept ref is written after a complete fetch only. */
async function hasWholeCommit(mirror: string, oid: string): Promise<boolean> {
  const result = await runGit({ args: ['rev-parse', '--verify', '--quiet', `${keptRef(oid)}^{commit}`], gitDir: mirror })
  return result.exitCode === 0
}

function keptRef(oid: string): string {
  return `refs/slipway/kept/${oid}`
}

function signalOf(input: { signal?: AbortSignal }): { signal?: AbortSignal } {
  return input.signal ? { signal: input.signal } : {}
}
