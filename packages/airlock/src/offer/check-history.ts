// Whether the offered commit is whole and grew out of the session's own base and nothing else.

import type { PolicyFinding } from '@slipway/core/events'
import { listCommits } from '@slipway/git/list-changes'
import { describeObjects } from '@slipway/git/read-objects'
import { git, runGit } from '@slipway/git/run-git'
import type { Identity } from '../identity.ts'

export interface HistoryInput {
  gitDir: string
  environment: Record<string, string>
  baseOid: string
  parentOid: string
  oid: string
  identity: Identity
  maxCommits: number
  signal: AbortSignal
}

/** Messages, names and signatures are shown to people and read into memory whole. */
const maxCommitBytes = 100_000

export type HistoryVerdict = { ok: true; subject: string; warnings: PolicyFinding[] } | { ok: false; message: string }

/** Every object that the commit needs is there; it descends from base and parent; no history from elsewhere came with it. */
export async function checkHistory(input: HistoryInput): Promise<HistoryVerdict> {
  const { gitDir, environment, signal } = input
  const type = await runGit({ args: ['cat-file', '-t', input.oid], gitDir, environment, signal })
  if (type.stdout.toString('latin1').trim() !== 'commit')
    return { ok: false, message: 'The pack does not hold the commit that the sandbox named.' }
  const connected = await runGit({
    args: ['rev-list', '--objects', '--quiet', input.oid, `^${input.baseOid}`, `^${input.parentOid}`],
    gitDir,
    environment,
    signal,
  })
  if (connected.exitCode !== 0)
    return {
      ok: false,
      message: 'The pack lacks objects that the commit needs. Check the repository in the work tree with git fsck and commit again.',
    }
  for (const [ancestor, name] of [
    [input.baseOid, 'the base commit'],
    [input.parentOid, 'the commit offered before'],
  ] as const) {
    const descends = await runGit({ args: ['merge-base', '--is-ancestor', ancestor, input.oid], gitDir, environment, signal })
    if (descends.exitCode !== 0)
      return {
        ok: false,
        message: `The commit does not contain ${name} (${ancestor.slice(0, 12)}). Do not rebase or amend it: git reset --soft ${ancestor.slice(0, 12)} and commit again.`,
      }
  }
  const range = { gitDir, environment, signal, from: input.baseOid, to: input.oid }
  const commits = await listCommits(range)
  if (commits.length > input.maxCommits)
    return {
      ok: false,
      message: `The session has ${commits.length} commits on top of its base; ${input.maxCommits} are allowed. Put them together: git reset --soft ${input.baseOid.slice(0, 12)} and commit again.`,
    }
  // What was offered before was checked then; after a merge it does not descend from the newer base.
  const since = { ...range, from: input.parentOid }
  const own = new Set([
    ...(await listCommits({ ...range, options: ['--ancestry-path'] })),
    ...(await listCommits({ ...since, options: ['--ancestry-path'] })),
    ...(await listCommits({ ...range, to: input.parentOid })),
  ])
  const foreign = commits.find((oid) => !own.has(oid))
  if (foreign)
    return {
      ok: false,
      message: `Commit ${foreign.slice(0, 12)} did not grow out of the base commit; history from elsewhere was merged. Leave it out: git reset --soft ${input.baseOid.slice(0, 12)} and commit again.`,
    }
  const heads = await describeObjects({ gitDir, environment, signal, oids: commits })
  const long = heads.find(({ bytes }) => bytes > maxCommitBytes)
  if (long)
    return {
      ok: false,
      message: `The message of commit ${long.oid.slice(0, 12)} is too long (${Math.ceil(long.bytes / 1000)} KB; ${maxCommitBytes / 1000} KB are allowed). Shorten it: git reset --soft ${input.baseOid.slice(0, 12)} and commit again.`,
    }
  return { ok: true, ...(await describeCommits(input, commits)) }
}

async function describeCommits(
  { gitDir, environment, signal, identity, oid }: HistoryInput,
  commits: string[],
): Promise<{ subject: string; warnings: PolicyFinding[] }> {
  const log = await git({
    args: ['log', '--no-walk=unsorted', '--no-mailmap', '--stdin', '-z', '--format=%H%n%ae%n%ce%n%s'],
    gitDir,
    environment,
    signal,
    stdin: `${[...new Set([oid, ...commits])].join('\n')}\n`,
  })
  const entries = log
    .toString('utf8')
    .split('\0')
    .map((entry) => entry.split('\n'))
  const subject = entries.find(([found]) => found === oid)?.[3] ?? ''
  const warnings = entries
    .filter(
      ([found, author, committer]) =>
        found !== undefined && commits.includes(found) && (author !== identity.email || committer !== identity.email),
    )
    .slice(0, 10)
    .map(([found = '', author = '', committer = '']) => ({
      rule: 'foreign-author',
      path: '',
      message: `Commit ${found.slice(0, 12)} names ${JSON.stringify(author === identity.email ? committer : author)} as ${author === identity.email ? 'committer' : 'author'}, although this session made it. Look at it before it is published.`,
    }))
  return { subject: subject.slice(0, 200), warnings }
}
