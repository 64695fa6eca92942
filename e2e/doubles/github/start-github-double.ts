// A GitHub in one process: the REST calls that Slipway makes, on real bare repositories that git can clone from and push to.

import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Talk } from '../talk.ts'
import { answerExchange, type RecordedRequest } from './answer-exchange.ts'
import {
  addRepository,
  createState,
  type DoublePull,
  type DoubleRepositoryOptions,
  type DoubleToken,
  findRepository,
  mergePull,
  renameRepository,
} from './double-state.ts'
import { createFaultPlan, type FaultOrder } from './faults.ts'

export interface GithubDouble {
  /** Web and git address: what GITHUB_URL is set to. */
  url: string
  /** What GITHUB_API_URL is set to. */
  apiUrl: string
  repositoryPath(slug: string): string
  pulls(slug: string): DoublePull[]
  /** Issues, comments, checks: a test writes here what people and machines say, and reads what Slipway said. */
  talk(slug: string): Talk
  requests: RecordedRequest[]
  fail(order: FaultOrder): void
  addRepository(options: DoubleRepositoryOptions): Promise<void>
  /** From now on the token is answered with 401. */
  revoke(token: string): void
  addToken(token: DoubleToken): void
  /** In which these people may make repositories. */
  addOrganisation(name: string, members: string[]): void
  rename(oldSlug: string, newSlug: string): Promise<void>
  merge(slug: string, number: number): Promise<void>
  /** Ends the server with every open connection and deletes the repositories. */
  close(): Promise<void>
}

export interface GithubDoubleOptions {
  repositories: DoubleRepositoryOptions[]
  /** A token that may do everything. */
  token: string
  /** Tokens that lack something. */
  limitedTokens?: DoubleToken[]
  faults?: FaultOrder[]
}

export async function startGithubDouble(options: GithubDoubleOptions): Promise<GithubDouble> {
  const root = await mkdtemp(path.join(tmpdir(), 'github-double-'))
  const state = createState(root, [
    { token: options.token, login: 'slipway-bot', contents: 'write', pullRequests: 'write' },
    ...(options.limitedTokens ?? []),
  ])
  for (const repository of options.repositories) await addRepository(state, repository)
  const faults = createFaultPlan(options.faults ?? [])
  const requests: RecordedRequest[] = []
  const server = createServer((request, response) => {
    const address = server.address() as AddressInfo
    const url = `http://127.0.0.1:${address.port}`
    const exchange = { addresses: { url, apiUrl: `${url}/api/v3` }, state, faults, requests, request, response }
    answerExchange(exchange).catch((error: unknown) => response.destroy(error as Error))
  })
  // A connection that is closed for having rested, just as it is used again, would be a fault that no test has ordered.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const known = (slug: string) => {
    const repository = findRepository(state, slug)
    if (!repository) throw new Error(`The double has no repository ${slug}.`)
    return repository
  }
  return {
    url,
    apiUrl: `${url}/api/v3`,
    repositoryPath: (slug) => known(slug).directory,
    pulls: (slug) => known(slug).pulls,
    talk: (slug) => known(slug).talk,
    requests,
    fail: (order) => faults.order(order),
    addRepository: async (repository) => void (await addRepository(state, repository)),
    revoke: (token) => void state.revoked.add(token),
    addToken: (token) => void state.tokens.push(token),
    addOrganisation: (name, members) => void state.organisations.set(name, members),
    merge: (slug, number) => mergePull(known(slug), number),
    rename: (oldSlug, newSlug) => renameRepository(state, oldSlug, newSlug),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(root, { recursive: true, force: true })
    },
  }
}
