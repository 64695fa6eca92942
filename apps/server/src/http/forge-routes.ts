// What answers the part of the contract about repositories at forges: asked as the person, with their own account.

import { githubSettings } from '@slipway/connectors/github/github-settings'
import { gitlabSettings } from '@slipway/connectors/gitlab/gitlab-settings'
import { type HostedServers, openHostedClient } from '@slipway/connectors/open-hosted-client'
import type { ForgeProblem } from '@slipway/core/ports'
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/forge-routes.ts'
import { type ErrorCode, SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'

const DEADLINE_MS = 30_000

export function addForgeRoutes(app: FastifyInstance, runtime: Pick<Runtime, 'settings' | 'accounts' | 'ports'>): void {
  const servers = hostedServersOf(runtime.settings)

  handle(app, contract.listHostedRepositories, async ({ params: { provider }, query, person, request }) => {
    const account = await runtime.accounts.find({ ownerId: person.ownerId, provider })
    if (account === null) return { isConnected: false, repositories: [], nextPage: null }
    const client = openHostedClient(account, servers, runtime.ports.clock)
    const signal = AbortSignal.any([AbortSignal.timeout(DEADLINE_MS), request.signal])
    const listed = await client.listRepositories(query, signal)
    if (!listed.ok) throw new SlipwayError(codeOf(listed.failure.problem), listed.failure.message)
    const { repositories, nextPage } = listed.value
    return {
      isConnected: true,
      repositories: repositories.map(({ slug, isArchived: _, ...shown }) => ({ name: slug, ...shown })),
      nextPage,
    }
  })
}

function codeOf(problem: ForgeProblem): ErrorCode {
  if (problem === 'rate-limit') return 'rate-limited'
  return problem === 'auth' ? 'not-configured' : 'not-ready'
}

/** Throws SlipwayError when the address of a forge is wrong. */
export function hostedServersOf({ github, gitlab }: Pick<Runtime['settings'], 'github' | 'gitlab'>): HostedServers {
  const made = githubSettings({ url: github.url, apiUrl: github.apiUrl })
  if (!made.ok) throw new SlipwayError('usage', made.message)
  const other = gitlabSettings({ url: gitlab.url })
  if (!other.ok) throw new SlipwayError('usage', other.message)
  return { github: made.settings, gitlab: other.settings }
}
