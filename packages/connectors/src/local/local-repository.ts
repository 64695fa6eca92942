// A repository on this disk that belongs to a person: read and written by plumbing only, its work tree never touched.

import { isAbsolute, resolve } from 'node:path'
import type { ForgeFailure } from '@slipway/core/ports'
import { classifyGitFailure, failure } from '@slipway/git/classify-git-failure'
import { inspectLocalRepository } from '@slipway/git/inspect-local-repository'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import { git, runGit } from '@slipway/git/run-git'

export interface LocalRepository {
  path: string
  gitDir: string
}

/** Finds the git directory behind a path; `url` is a path, absolute or from where the program was started. */
export async function openLocalRepository(url: string): Promise<{ ok: true; repository: LocalRepository } | ForgeFailure> {
  const parsed = parseRepositoryUrl(url)
  if (!parsed.ok) return failure('refused', parsed.message)
  if (parsed.address.protocol !== 'file') return failure('refused', `${url} is not a repository on this disk.`)
  const path = parsed.address.url
  const problem = await inspectLocalRepository(path)
  if (problem !== null) return failure('refused', problem)
  // `rev-parse` also refuses a repository that belongs to another user of the machine.
  const found = await runGit({ args: ['rev-parse', '--git-common-dir'], cwd: path }).catch(() => null)
  if (found === null) return failure('not-found', `There is no folder ${path}.`)
  if (found.exitCode !== 0) return classifyGitFailure(found, `Opening ${path}`)
  const gitDir = found.stdout.toString('utf8').replace(/\n$/, '')
  return { ok: true, repository: { path, gitDir: isAbsolute(gitDir) ? gitDir : resolve(path, gitDir) } }
}

/** Object id of a branch, or null. */
export async function branchOid({ gitDir }: LocalRepository, branch: string): Promise<string | null> {
  const found = await runGit({ args: ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`], gitDir })
  return found.exitCode === 0 ? found.stdout.toString('utf8').trim() : null
}

export async function isAncestor(gitDir: string, ancestor: string, descendant: string): Promise<boolean> {
  return (await runGit({ args: ['merge-base', '--is-ancestor', ancestor, descendant], gitDir })).exitCode === 0
}

/** Where two commits parted; null when they share no history. */
export async function forkPoint(gitDir: string, one: string, other: string): Promise<string | null> {
  const found = await runGit({ args: ['merge-base', one, other], gitDir })
  return found.exitCode === 0 ? found.stdout.toString('utf8').trim() : null
}

/** The work tree that has this branch checked out, or null. */
export async function checkedOutIn({ gitDir }: LocalRepository, branch: string): Promise<string | null> {
  const listing = (await git({ args: ['worktree', 'list', '--porcelain'], gitDir })).toString('utf8')
  for (const entry of listing.split('\n\n')) {
    const lines = entry.split('\n')
    if (lines.includes(`branch refs/heads/${branch}`) && !lines.includes('bare')) return lines[0]?.replace(/^worktree /, '') ?? null
  }
  return null
}
