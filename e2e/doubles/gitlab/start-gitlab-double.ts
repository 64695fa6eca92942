// A GitLab in one process, below a path of its server: the calls that Slipway makes, on real bare repositories that git can clone from and push to.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RecordedRequest } from '../github/answer-exchange.ts'
import { createFaultPlan, type FaultOrder } from '../github/faults.ts'
import type { Talk } from '../talk.ts'
import { answerExchange } from './answer-exchange.ts'
import {
  addProject,
  createState,
  type DoubleGroup,
  type DoubleMergeRequest,
  type DoubleProjectOptions,
  type DoubleToken,
  findProject,
  mergeRequest,
  moveProject,
} from './double-state.ts'

export interface GitlabDouble {
  /** What GITLAB_URL is set to. */
  url: string
  repositoryPath(projectPath: string): string
  mergeRequests(projectPath: string): DoubleMergeRequest[]
  /** Issues, comments, checks: a test writes here what people and machines say, and reads what Slipway said. */
  talk(projectPath: string): Talk
  requests: RecordedRequest[]
  fail(order: FaultOrder): void
  addProject(options: DoubleProjectOptions): Promise<void>
  addToken(token: DoubleToken): void
  addGroup(group: Omit<DoubleGroup, 'id'>): void
  /** From now on the token is answered with 401. */
  revoke(token: string): void
  move(oldPath: string, newPath: string): Promise<void>
  merge(projectPath: string, iid: number): Promise<void>
  /** Ends the server with every open connection and deletes the repositories. */
  close(): Promise<void>
}

export interface GitlabDoubleOptions {
  projects: DoubleProjectOptions[]
  /** A token that may do everything. */
  token: string
  /** Tokens that lack something. */
  limitedTokens?: DoubleToken[]
  /** People who can be asked to review. */
  people?: string[]
  /** Where it lies below its server; default `/gitlab`. */
  below?: string
}

export async function startGitlabDouble(options: GitlabDoubleOptions): Promise<GitlabDouble> {
  const root = await mkdtemp(path.join(tmpdir(), 'gitlab-double-'))
  const state = createState(
    root,
    [{ token: options.token, username: 'slipway-bot', scope: 'api' }, ...(options.limitedTokens ?? [])],
    options.people ?? [],
  )
  for (const project of options.projects) await addProject(state, project)
  const faults = createFaultPlan([])
  const requests: RecordedRequest[] = []
  const below = options.below ?? '/gitlab'
  const server = createServer((request, response) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}`
    answerExchange({ url, state, faults, requests, request, response }).catch((error: unknown) => response.destroy(error as Error))
  })
  // A connection that is closed for having rested, just as it is used again, would be a fault that no test has ordered.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const known = (projectPath: string) => {
    const project = findProject(state, projectPath)
    if (!project) throw new Error(`The double has no project ${projectPath}.`)
    return project
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${below}`,
    repositoryPath: (projectPath) => known(projectPath).directory,
    mergeRequests: (projectPath) => known(projectPath).mergeRequests,
    talk: (projectPath) => known(projectPath).talk,
    requests,
    fail: (order) => faults.order(order),
    addProject: async (project) => void (await addProject(state, project)),
    addToken: (token) => void state.tokens.push(token),
    addGroup: (group) => void state.groups.push({ id: state.nextId(), ...group }),
    revoke: (token) => void state.revoked.add(token),
    move: (oldPath, newPath) => moveProject(state, oldPath, newPath),
    merge: (projectPath, iid) => mergeRequest(known(projectPath), iid),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(root, { recursive: true, force: true })
    },
  }
}
