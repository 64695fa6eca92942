// What the double knows: repositories with a real bare repository each, their pull requests, and who may do what.

import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createTalk, type Talk } from '../talk.ts'
import { git, gitOutput } from './git-command.ts'

type Access = 'none' | 'read' | 'write'

export interface DoubleToken {
  token: string
  login: string
  contents: Access
  pullRequests: Access
  /** Private repositories that it sees; left out: all. */
  repositories?: string[]
  /** Whether it may make repositories; left out: it may. */
  mayCreate?: boolean
}

export interface DoubleRepositoryOptions {
  /** `owner/name` */
  slug: string
  /** A repository whose branches and tags are copied; null leaves the double's repository empty. */
  from: string | null
  defaultBranch?: string
  isPrivate?: boolean
  isArchived?: boolean
  /** false: a draft is refused, as for private repositories on GitHub's free plan. */
  hasDrafts?: boolean
  protectedBranches?: string[]
  /** Logins, and teams as `team:<slug>`, that may be asked to review. */
  collaborators?: string[]
  /** Default: now. */
  pushedAt?: string
  /** It is only looked at in lists: no git behind it. */
  isListedOnly?: boolean
  description?: string
}

export interface DoublePull {
  id: number
  number: number
  title: string
  body: string | null
  head: string
  base: string
  draft: boolean
  state: 'open' | 'closed'
  author: string
  labels: string[]
  /** Logins, and teams as `team:<slug>`. */
  reviewers: string[]
  createdAt: string
  updatedAt: string
  closedAt: string | null
  mergedAt: string | null
  /** The head's commit when it was closed or merged; later pushes do not count any more. */
  closedHeadOid: string | null
}

export interface DoubleRepository {
  id: number
  slug: string
  directory: string
  defaultBranch: string
  isPrivate: boolean
  isArchived: boolean
  hasDrafts: boolean
  protectedBranches: string[]
  collaborators: string[]
  pulls: DoublePull[]
  talk: Talk
  createdAt: string
  pushedAt: string
  description: string | null
}

export interface DoubleState {
  root: string
  tokens: DoubleToken[]
  /** Tokens that were taken back. */
  revoked: Set<string>
  /** Of checks, by the path at which they can be fetched without a token. */
  logs: Map<string, string>
  repositories: DoubleRepository[]
  /** Organisations, with the logins that may make repositories in them. */
  organisations: Map<string, string[]>
  /** Names of repositories that are being made: of two requests for one name, one gets it. */
  claimed: Set<string>
  /** Old name to repository id, for the redirects that a rename leaves behind. */
  renamed: Map<string, number>
  /** GraphQL calls name a pull request by its node id. */
  nextId(): number
}

export function createState(root: string, tokens: DoubleToken[]): DoubleState {
  let lastId = 1000
  return {
    root,
    tokens,
    revoked: new Set(),
    logs: new Map(),
    repositories: [],
    organisations: new Map(),
    claimed: new Set(),
    renamed: new Map(),
    nextId: () => ++lastId,
  }
}

/** Adds a repository with its own bare repository on disk; a protected branch is guarded by a hook, as pushes are the hook's business. */
export async function addRepository(state: DoubleState, options: DoubleRepositoryOptions): Promise<DoubleRepository> {
  const directory = bareRepositoryPath(state, options.slug)
  await mkdir(directory, { recursive: true })
  const source = options.from === null ? null : await git(options.from, ['rev-parse', '--absolute-git-dir'])
  const head = source === null ? null : await gitOutput(source, ['symbolic-ref', '--short', 'HEAD'])
  const defaultBranch = options.defaultBranch ?? head ?? 'main'
  if (!options.isListedOnly) await git(directory, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '.'])
  if (source !== null) await git(directory, ['fetch', '--quiet', source, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'])
  const protectedBranches = options.protectedBranches ?? []
  if (!options.isListedOnly) await writeFile(path.join(directory, 'hooks', 'update'), updateHook(protectedBranches), { mode: 0o755 })
  const repository: DoubleRepository = {
    id: state.nextId(),
    slug: options.slug,
    directory,
    defaultBranch,
    isPrivate: options.isPrivate ?? false,
    isArchived: options.isArchived ?? false,
    hasDrafts: options.hasDrafts ?? true,
    protectedBranches,
    collaborators: options.collaborators ?? ['grace'],
    pulls: [],
    talk: createTalk(),
    createdAt: new Date().toISOString(),
    pushedAt: options.pushedAt ?? new Date().toISOString(),
    description: options.description ?? null,
  }
  state.repositories.push(repository)
  return repository
}

export function findRepository(state: DoubleState, slug: string): DoubleRepository | null {
  return state.repositories.find((repository) => repository.slug.toLowerCase() === slug.toLowerCase()) ?? null
}

/** Moves a repository to another name and leaves a redirect behind. */
export async function renameRepository(state: DoubleState, oldSlug: string, newSlug: string): Promise<void> {
  const repository = findRepository(state, oldSlug)
  if (!repository) throw new Error(`The double has no repository ${oldSlug}.`)
  const directory = bareRepositoryPath(state, newSlug)
  await mkdir(path.dirname(directory), { recursive: true })
  await rename(repository.directory, directory)
  state.renamed.set(oldSlug.toLowerCase(), repository.id)
  repository.slug = newSlug
  repository.directory = directory
}

/** What the token may do with the contents of this repository. */
export function accessTo(repository: DoubleRepository, token: DoubleToken | null): Access {
  if (token === null) return 'none'
  const isListed = token.repositories?.some((slug) => slug.toLowerCase() === repository.slug.toLowerCase()) ?? true
  return isListed ? token.contents : 'none'
}

export function branchOid(repository: DoubleRepository, branch: string): Promise<string | null> {
  return gitOutput(repository.directory, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`])
}

/** Merges a pull request with a merge commit, as the button does. */
export async function mergePull(repository: DoubleRepository, number: number): Promise<void> {
  const pull = repository.pulls.find((candidate) => candidate.number === number && candidate.state === 'open')
  if (!pull) throw new Error(`The double has no open pull request ${number} in ${repository.slug}.`)
  const [base, head] = [`refs/heads/${pull.base}`, `refs/heads/${pull.head}`]
  const tree = await git(repository.directory, ['merge-tree', '--write-tree', base, head])
  const author = ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.com']
  const commit = await git(repository.directory, [
    ...author,
    'commit-tree',
    tree,
    '-p',
    base,
    '-p',
    head,
    '-m',
    `Merge pull request #${number}`,
  ])
  await git(repository.directory, ['update-ref', base, commit])
  const now = new Date().toISOString()
  Object.assign(pull, {
    state: 'closed',
    closedAt: now,
    mergedAt: now,
    updatedAt: now,
    closedHeadOid: await branchOid(repository, pull.head),
  })
}

function bareRepositoryPath(state: DoubleState, slug: string): string {
  if (!/^[\w.-]+\/[\w.-]+$/.test(slug)) throw new Error(`A repository of the double is named owner/name, not ${slug}.`)
  return path.join(state.root, `${slug}.git`)
}

function updateHook(protectedBranches: string[]): string {
  const cases = protectedBranches.map(
    (branch) => `  refs/heads/${branch}) echo "error: GH006: Protected branch update failed for $1." >&2; exit 1 ;;`,
  )
  return ['#!/bin/sh', 'case "$1" in', ...cases, '  *) exit 0 ;;', 'esac', ''].join('\n')
}
