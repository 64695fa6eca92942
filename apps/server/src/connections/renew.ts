// Getting another token for an account whose own has run out or was refused: one at a time over all processes.

import type { Secret } from '@slipway/core/secret'
import type { Connection, HeldConnection, Tokens } from '@slipway/store/connections'
import type { ConnectionChange } from '@slipway/store/connection-changes'
import { isFresh } from './is-fresh.ts'
import type { AccountsNeeds } from './open-accounts.ts'
import { disconnectedProblem, laterProblem, lostProblem, type TokenAnswer, unreadableProblem } from './token-problems.ts'

/** Whoever waited for a refresh that reached nobody does not try at once again. */
const FAILED_LATELY_MS = 3_000

interface Outcome {
  change: ConnectionChange | null
  result: TokenAnswer
}

export function openRenewal({ connections, providers, now, learn, logger }: AccountsNeeds) {
  /** Tokens that the provider has given and the database has not got: the old ones may count no more. */
  const unsaved = new Map<string, { replaced: string; tokens: Tokens }>()

  return async ({ id, ownerId, provider }: Connection, refused: Secret | undefined): Promise<TokenAnswer> => {
    const { label, authorization, whoIs } = providers[provider]

    async function work(held: HeldConnection): Promise<Outcome> {
      const { connection } = held
      if (connection.status === 'reconnect') return keep(lostProblem(connection, label))
      if (!held.tokens.ok) return keep(unreadableProblem(label))
      const { tokens } = held.tokens
      const saved = unsaved.get(id)
      if (saved !== undefined && saved.replaced === tokens.refresh?.reveal())
        return { change: { type: 'refreshed', tokens: saved.tokens }, result: { ok: true, token: saved.tokens.access } }
      // Somebody else did it while this one waited.
      const isRefused = tokens.access.reveal() === refused?.reveal()
      if (!isRefused && isFresh(tokens, connection, now())) return keep({ ok: true, token: tokens.access })
      if (tokens.refresh === null) return check(connection, tokens)
      return refresh({ connection, tokens, old: tokens.refresh, failedAt: held.refreshFailedAt, isRefused })
    }

    async function refresh(from: {
      connection: Connection
      tokens: Tokens
      old: Secret
      failedAt: string | null
      isRefused: boolean
    }): Promise<Outcome> {
      const { connection, tokens, old, failedAt } = from
      const stillGood = !from.isRefused && Date.parse(tokens.expiresAt ?? '') > now()
      const orOld = (problem: TokenAnswer): TokenAnswer => (stillGood ? { ok: true, token: tokens.access } : problem)
      if (authorization === null)
        return keep(orOld(laterProblem(`${label} is not set up here any more. An administrator sets its client id and secret again.`)))
      if (failedAt !== null && Math.abs(now() - Date.parse(failedAt)) < FAILED_LATELY_MS)
        return keep(orOld(laterProblem(`${label} did not answer just now. Try again in a minute.`)))
      const granted = await authorization.refresh(old)
      if (granted.ok) {
        const fresh = { ...granted.tokens, refresh: granted.tokens.refresh ?? old }
        learn(fresh.access)
        learn(fresh.refresh)
        unsaved.set(id, { replaced: old.reveal(), tokens: fresh })
        return { change: { type: 'refreshed', tokens: fresh }, result: { ok: true, token: fresh.access } }
      }
      if (granted.problem === 'refused') return lost(connection, 'The permission ran out there, or was revoked.')
      logger.warn({ connection: id, provider, message: granted.message }, 'a token was not refreshed; the old one stays')
      return { change: { type: 'refresh-failed' }, result: orOld(laterProblem(granted.message)) }
    }

    /** A token that cannot be refreshed: the provider itself is asked before the account is called lost. */
    async function check(connection: Connection, tokens: Tokens): Promise<Outcome> {
      const known = await whoIs(tokens.access)
      if (known.ok) return keep({ ok: true, token: tokens.access })
      return known.problem === 'refused' ? lost(connection, known.message) : keep(laterProblem(known.message))
    }

    function lost(connection: Connection, reason: string): Outcome {
      logger.warn({ connection: id, provider }, 'an account must be connected again')
      return { change: { type: 'lost', reason }, result: lostProblem({ ...connection, reason }, label) }
    }

    try {
      const answer = await connections.alone({ ownerId, id }, work)
      unsaved.delete(id)
      return answer ?? disconnectedProblem()
    } catch (error) {
      const saved = unsaved.get(id)
      logger.error({ err: error, connection: id, provider }, 'a token could not be stored')
      // What was got works, and is stored with the next use.
      return saved === undefined
        ? laterProblem(`The database did not answer. Try again in a minute.`)
        : { ok: true, token: saved.tokens.access }
    }
  }
}

function keep(result: TokenAnswer): Outcome {
  return { change: null, result }
}
