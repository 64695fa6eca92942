// Asks a repository what it has, without fetching anything.

import type { ForgeFailure } from '@slipway/core/ports'
import { classifyGitFailure, failure } from './classify-git-failure.ts'
import type { GitCredential } from './git-credential.ts'
import { inspectLocalRepository } from './inspect-local-repository.ts'
import { isObjectId } from './object-id.ts'
import { farEndCommand } from './neutral-settings.ts'
import type { RemoteAddress } from './repository-url.ts'
import { runGit } from './run-git.ts'

export interface Remote {
  address: RemoteAddress
  credential: GitCredential | null
}

export interface RemoteRefs {
  /** Branch that HEAD names, such as `main`; null when HEAD is detached or names nothing. */
  headBranch: string | null
  refs: Map<string, string>
}

/** Reads HEAD and the named refs (all when none is named). A repository on this disk that leads out of its folder is refused. */
export async function listRemote(
  remote: Remote,
  input: { refs: string[]; signal?: AbortSignal; timeoutMs?: number },
): Promise<{ ok: true; remote: RemoteRefs } | ForgeFailure> {
  const { address, credential } = remote
  const isOnDisk = address.protocol === 'file'
  const problem = isOnDisk ? await inspectLocalRepository(address.url) : null
  if (problem !== null) return failure('refused', problem)
  const result = await runGit({
    args: [
      'ls-remote',
      '--symref',
      ...(isOnDisk ? [`--upload-pack=${farEndCommand('upload-pack')}`] : []),
      '--',
      address.url,
      ...input.refs,
    ],
    protocol: address.protocol,
    remote: { url: address.url, credential },
    timeoutMs: input.timeoutMs ?? (isOnDisk ? 20_000 : 60_000),
    ...(input.signal ? { signal: input.signal } : {}),
  })
  if (result.exitCode !== 0) return classifyGitFailure(result, `Asking ${address.url} for its branches`)
  return { ok: true, remote: parseRefs(result.stdout.toString('utf8')) }
}

function parseRefs(text: string): RemoteRefs {
  const refs = new Map<string, string>()
  let headBranch: string | null = null
  for (const line of text.split('\n')) {
    const [value = '', name = ''] = line.split('\t')
    if (name === 'HEAD' && value.startsWith('ref: refs/heads/')) headBranch = value.slice('ref: refs/heads/'.length)
    else if (isObjectId(value) && name !== '') refs.set(name, value)
  }
  return { headBranch, refs }
}
