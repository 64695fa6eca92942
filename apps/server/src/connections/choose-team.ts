// The team of Vercel whose projects an account is used for. A token may reach several; an integration belongs to one.

import type { Accounts } from '@slipway/core/accounts'
import { createVercelClient } from '@slipway/connectors/vercel/vercel-client'
import type { VercelFailure } from '@slipway/connectors/vercel/vercel-failure'
import type { VercelTeam } from '@slipway/connectors/vercel/vercel-shapes'
import type { Connection, ConnectionId, Connections } from '@slipway/store/connections'
import { SlipwayError } from '../errors/slipway-error.ts'
import { unknownConnection } from './connection-service.ts'

export interface TeamChoice {
  /** Those that can be chosen; none where there is no choice. Throws `not-found`, `conflict` (connect again) or `not-ready`. */
  list(at: ConnectionId): Promise<VercelTeam[]>
  /** null: the one that Vercel means by itself. Throws `usage` for a team that the token does not reach. */
  choose(at: ConnectionId, teamId: string | null): Promise<Connection>
}

export interface TeamChoiceNeeds {
  accounts: Accounts
  connections: Connections
  apiUrl: string
  now(): number
}

const REQUEST_TIMEOUT_MS = 10_000

export function openTeamChoice({ accounts, connections, apiUrl, now }: TeamChoiceNeeds): TeamChoice {
  async function list(at: ConnectionId): Promise<VercelTeam[]> {
    const held = await connections.read(at)
    if (held === null) throw unknownConnection()
    const { provider, kind } = held.connection
    if (provider !== 'vercel' || kind !== 'token') return []
    const holder = await accounts.find({ ownerId: at.ownerId, provider, connectionId: at.id })
    if (holder === null) throw unknownConnection()
    const client = createVercelClient({ apiUrl, holder, teamId: null, requestTimeoutMs: REQUEST_TIMEOUT_MS, nowMs: now })
    const listed = await client.listTeams(AbortSignal.timeout(REQUEST_TIMEOUT_MS))
    if (!listed.ok) throw asError(listed)
    return listed.value
  }

  return {
    list,
    async choose(at, teamId) {
      const teams = await list(at)
      const team = teams.find(({ id }) => id === teamId) ?? null
      if (team === null && teamId !== null)
        throw new SlipwayError('usage', 'The token does not reach this team. GET /api/v1/connections/{id}/teams lists those it reaches.')
      await connections.alone(at, async ({ connection: { details } }) => {
        const { teamId: _, teamName: __, ...others } = details
        const change = { type: 'detailed' as const, details: { ...others, ...(team && { teamId: team.id, teamName: team.name }) } }
        return { change, result: null }
      })
      const held = await connections.read(at)
      if (held === null) throw unknownConnection()
      return held.connection
    },
  }
}

function asError({ problem, message }: VercelFailure): SlipwayError {
  return new SlipwayError(problem === 'network' || problem === 'rate-limit' ? 'not-ready' : 'conflict', message)
}
