// The Repositories port: reads the host's own mirrors by object id.

import type { Repositories } from '@slipway/core/ports'
import { rememberLast } from '@slipway/core/remember-last'
import { bundleCommits } from './bundle-commits.ts'
import { requireObjectId } from './object-id.ts'
import { openMirror, openQuarantine } from './open-quarantine.ts'
import { git } from './run-git.ts'

/** A session's start asks for the files of one commit from several sides, for at most so many of them. */
const sharedPaths = 20_000
const sharedListings = 4

/** Implements the port over the repositories below `home`; each must have been prepared by its forge. */
export function openRepositories({ home }: { home: string }): Repositories {
  const listOnce = rememberLast<Listing>(sharedListings)
  return {
    readFile: async (input) => readBlob({ ...input, gitDir: await openMirror(home, input.repository.url) }),
    async listFiles({ repository, oid, limit }) {
      const gitDir = await openMirror(home, repository.url)
      if (limit > sharedPaths) return listBlobs({ gitDir, oid, limit })
      const { paths, truncated } = await listOnce(`${gitDir} ${oid}`, () => listBlobs({ gitDir, oid, limit: sharedPaths }))
      return { paths: paths.slice(0, limit), truncated: truncated || paths.length > limit }
    },
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
      const { repository, sessionId, baseOid, workOid } = input
      const base = { name: 'refs/heads/base', oid: baseOid }
      // Only work needs the session's own repository, which is made when there is some.
      if (workOid === null) return yield* bundleCommits({ gitDir: await openMirror(home, repository.url), refs: [base] })
      const gitDir = await openQuarantine({ home, url: repository.url, sessionId })
      yield* bundleCommits({ gitDir, refs: [base, { name: 'refs/heads/work', oid: workOid }] })
    },
  }
}

/** Text of a file (symbolic links are followed inside the tree), its first `maxBytes`; null when there is no such file. */
export async function readBlob(input: { gitDir: string; oid: string; path: string; maxBytes: number }): Promise<string | null> {
  if (/[\0\n]/.test(input.path) || input.path.split('/').some((part) => part === '' || part === '.' || part === '..')) return null
  const chunks: Buffer[] = []
  let bytes = 0
  await git({
    args: ['cat-file', '--batch', '--follow-symlinks'],
    gitDir: input.gitDir,
    stdin: `${requireObjectId(input.oid)}:${input.path}\n`,
    onStdout(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      return bytes >= longestHead + input.maxBytes ? 'enough' : undefined
    },
  })
  const answer = Buffer.concat(chunks)
  const [head, size] = /^[0-9a-f]{40,64} blob (\d+)\n/.exec(answer.toString('latin1', 0, longestHead)) ?? []
  if (head === undefined) return null
  const content = answer.subarray(head.length, head.length + Math.min(Number(size), input.maxBytes))
  // A character cut in the middle is left out, not shown as a replacement mark.
  return new TextDecoder().decode(content, { stream: Number(size) > input.maxBytes })
}

/** `<object id> blob <size>`, before what is in the file. */
const longestHead = 128

interface Listing {
  paths: string[]
  truncated: boolean
}

/** Blob paths of a commit's tree in git's order (ascending by bytes), at most `limit`. */
export async function listBlobs(input: { gitDir: string; oid: string; limit: number }): Promise<Listing> {
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
