// The Repositories port: reads the host's own mirrors by object id.

import type { Repositories } from '@slipway/core/ports'
import { bundleCommits } from './bundle-commits.ts'
import { requireObjectId } from './object-id.ts'
import { openMirror, openQuarantine } from './open-quarantine.ts'
import { git } from './run-git.ts'

/** Implements the port over the repositories below `home`; each must have been prepared by its forge. */
export function openRepositories({ home }: { home: string }): Repositories {
  return {
    readFile: async (input) => readBlob({ ...input, gitDir: await openMirror(home, input.repository.url) }),
    listFiles: async (input) => listBlobs({ ...input, gitDir: await openMirror(home, input.repository.url) }),
    async recentCommits(input) {
      const gitDir = await openMirror(home, input.repository.url)
      const lines = await git({
        args: ['log', '--no-mailmap', '--format=%h %s', `--max-count=${Math.trunc(input.limit)}`, requireObjectId(input.oid), '--'],
        gitDir,
      })
      return lines
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '')
    },
    async *bundle(input) {
      const gitDir = await openQuarantine({ home, url: input.repository.url, sessionId: input.sessionId })
      const refs = [{ name: 'refs/heads/base', oid: input.baseOid }]
      if (input.workOid !== null) refs.push({ name: 'refs/heads/work', oid: input.workOid })
      yield* bundleCommits({ gitDir, refs })
    },
  }
}

/** Text of a file (symbolic links are followed inside the tree), its first `maxBytes`; null when there is no such file. */
export async function readBlob(input: { gitDir: string; oid: string; path: string; maxBytes: number }): Promise<string | null> {
  if (/[\0\n]/.test(input.path) || input.path.split('/').some((part) => part === '' || part === '.' || part === '..')) return null
  const query = `${requireObjectId(input.oid)}:${input.path}\n`
  const answer = (await git({ args: ['cat-file', '--batch-check', '--follow-symlinks'], gitDir: input.gitDir, stdin: query })).toString(
    'utf8',
  )
  const blob = /^([0-9a-f]{40,64}) blob \d+\n$/.exec(answer)?.[1]
  if (blob === undefined) return null
  const chunks: Buffer[] = []
  let bytes = 0
  await git({
    args: ['cat-file', 'blob', blob],
    gitDir: input.gitDir,
    onStdout(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      return bytes >= input.maxBytes ? 'enough' : undefined
    },
  })
  // A character cut in the middle is left out, not shown as a replacement mark.
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, input.maxBytes), { stream: bytes > input.maxBytes })
}

/** Blob paths of a commit's tree in git's order (ascending by bytes), at most `limit`. */
export async function listBlobs(input: { gitDir: string; oid: string; limit: number }): Promise<{ paths: string[]; truncated: boolean }> {
  const paths: string[] = []
  let rest = Buffer.alloc(0)
  await git({
    args: ['ls-tree', '-r', '-z', requireObjectId(input.oid)],
    gitDir: input.gitDir,
    onStdout(chunk) {
      const text = Buffer.concat([rest, chunk])
      const end = text.lastIndexOf(0)
      rest = text.subarray(end + 1)
      for (const record of text.subarray(0, Math.max(end, 0)).toString('utf8').split('\0')) {
        const [meta, path] = splitAtTab(record)
        if (meta.split(' ')[1] === 'blob') paths.push(path)
      }
      return paths.length > input.limit ? 'enough' : undefined
    },
  })
  return { paths: paths.slice(0, input.limit), truncated: paths.length > input.limit }
}

function splitAtTab(record: string): [string, string] {
  const tab = record.indexOf('\t')
  return [record.slice(0, tab), record.slice(tab + 1)]
}
