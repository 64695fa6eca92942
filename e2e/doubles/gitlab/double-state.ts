// What the double knows: projects with a real bare repository each, their merge requests, people, and who may do what.

import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createTalk, type Talk } from '../talk.ts'
import { git, gitOutput } from '../github/git-command.ts'

export interface DoubleToken {
  token: string
  username: string
  /** `read`: what `read_api` and `read_repository` allow. */
  scope: 'api' | 'read'
  /** Projects that the person has a role in, with its number (Reporter 20, Developer 30, Maintainer 40); left out: Maintainer everywhere. */
  roles?: Record<string, number>
}

export interface DoubleProjectOptions {
  /** `group/…/name` */
  path: string
  /** A repository whose branches and tags are copied; null leaves the double's empty. */
  from: string | null
  defaultBranch?: string
  visibility?: 'private' | 'internal' | 'public'
  isArchived?: boolean
  /** Names or endings with `*`. */
  protectedBranches?: string[]
  lastActivityAt?: string
  /** It is only looked at in lists: no git behind it. */
  isListedOnly?: boolean
  description?: string
}

export interface DoubleGroup {
  id: number
  /** `group/subgroup` */
  path: string
  /** Who sees it, and who may make projects in it. */
  members: string[]
  creators: string[]
}

export interface DoubleMergeRequest {
  id: number
  iid: number
  title: string
  description: string | null
  sourceBranch: string
  targetBranch: string
  state: 'opened' | 'closed' | 'merged'
  author: string
  labels: string[]
  reviewers: string[]
  createdAt: string
  updatedAt: string
  closedAt: string | null
  mergedAt: string | null
  /** The head's commit when it was closed or merged. */
  endedOid: string | null
}

export interface DoubleProject {
  id: number
  path: string
  directory: string
  defaultBranch: string
  visibility: 'private' | 'internal' | 'public'
  isArchived: boolean
  isListedOnly: boolean
  mergeRequests: DoubleMergeRequest[]
  talk: Talk
  createdAt: string
  lastActivityAt: string
  description: string | null
}

export interface DoubleState {
  root: string
  tokens: DoubleToken[]
  revoked: Set<string>
  /** Names of people that exist without a token, such as reviewers. */
  people: string[]
  projects: DoubleProject[]
  groups: DoubleGroup[]
  /** Paths of projects that are being made: of two requests for one path, one gets it. */
  claimed: Set<string>
  /** Old path to project id. */
  moved: Map<string, number>
  nextId(): number
}

export function createState(root: string, tokens: DoubleToken[], people: string[]): DoubleState {
  let lastId = 4000
  return {
    root,
    tokens,
    revoked: new Set(),
    people,
    projects: [],
    groups: [],
    claimed: new Set(),
    moved: new Map(),
    nextId: () => ++lastId,
  }
}

/** Adds a project with its own bare repository on disk; a protected branch is guarded by a hook, as pushes are the hook's business. */
export async function addProject(state: DoubleState, options: DoubleProjectOptions): Promise<DoubleProject> {
  const directory = projectDirectory(state, options.path)
  await mkdir(directory, { recursive: true })
  const source = options.from === null ? null : await git(options.from, ['rev-parse', '--absolute-git-dir'])
  const head = source === null ? null : await gitOutput(source, ['symbolic-ref', '--short', 'HEAD'])
  const defaultBranch = options.defaultBranch ?? head ?? 'main'
  if (!options.isListedOnly) await git(directory, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '.'])
  if (source !== null) await git(directory, ['fetch', '--quiet', source, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'])
  if (!options.isListedOnly)
    await writeFile(path.join(directory, 'hooks', 'update'), updateHook(options.protectedBranches ?? []), { mode: 0o755 })
  const now = new Date().toISOString()
  const project: DoubleProject = {
    id: state.nextId(),
    path: options.path,
    directory,
    defaultBranch,
    visibility: options.visibility ?? 'private',
    isArchived: options.isArchived ?? false,
    isListedOnly: options.isListedOnly ?? false,
    mergeRequests: [],
    talk: createTalk(),
    createdAt: now,
    lastActivityAt: options.lastActivityAt ?? now,
    description: options.description ?? null,
  }
  state.projects.push(project)
  return project
}

export function findProject(state: DoubleState, projectPath: string): DoubleProject | null {
  return state.projects.find((project) => project.path.toLowerCase() === projectPath.toLowerCase()) ?? null
}

/** The project that had this path before. */
export function findMoved(state: DoubleState, oldPath: string): DoubleProject | null {
  const id = state.moved.get(oldPath.toLowerCase())
  return state.projects.find((project) => project.id === id) ?? null
}

export async function moveProject(state: DoubleState, oldPath: string, newPath: string): Promise<void> {
  const project = findProject(state, oldPath)
  if (!project) throw new Error(`The double has no project ${oldPath}.`)
  const directory = projectDirectory(state, newPath)
  await mkdir(path.dirname(directory), { recursive: true })
  await rename(project.directory, directory)
  state.moved.set(oldPath.toLowerCase(), project.id)
  project.path = newPath
  project.directory = directory
}

export function roleIn(token: DoubleToken, project: DoubleProject): number {
  return token.roles === undefined ? 40 : (token.roles[project.path] ?? 0)
}

export function branchOid(project: DoubleProject, branch: string): Promise<string | null> {
  return gitOutput(project.directory, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}^{commit}`])
}

/** Merges with a merge commit, as the button does. */
export async function mergeRequest(project: DoubleProject, iid: number): Promise<void> {
  const found = project.mergeRequests.find((candidate) => candidate.iid === iid && candidate.state === 'opened')
  if (!found) throw new Error(`The double has no open merge request ${iid} in ${project.path}.`)
  const [base, head] = [`refs/heads/${found.targetBranch}`, `refs/heads/${found.sourceBranch}`]
  const tree = await git(project.directory, ['merge-tree', '--write-tree', base, head])
  const author = ['-c', 'user.name=GitLab', '-c', 'user.email=noreply@gitlab.com']
  const message = `Merge branch '${found.sourceBranch}' into '${found.targetBranch}'`
  const commit = await git(project.directory, [...author, 'commit-tree', tree, '-p', base, '-p', head, '-m', message])
  await git(project.directory, ['update-ref', base, commit])
  const now = new Date().toISOString()
  Object.assign(found, { state: 'merged', mergedAt: now, updatedAt: now, endedOid: await branchOid(project, found.sourceBranch) })
}

function projectDirectory(state: DoubleState, projectPath: string): string {
  if (!/^[\w.-]+(?:\/[\w.-]+)+$/.test(projectPath)) throw new Error(`A project of the double is named group/name, not ${projectPath}.`)
  return path.join(state.root, `${projectPath}.git`)
}

function updateHook(protectedBranches: string[]): string {
  const cases = protectedBranches.map(
    (branch) =>
      `  refs/heads/${branch}) echo "GitLab: You are not allowed to push code to protected branches on this project." >&2; exit 1 ;;`,
  )
  return ['#!/bin/sh', 'case "$1" in', ...cases, '  *) exit 0 ;;', 'esac', ''].join('\n')
}
