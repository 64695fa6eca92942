// An account with a token that stays the same, for tests.

import type { Account, Accounts, ProviderName } from '@slipway/core/accounts'
import { makeSecret } from '@slipway/core/secret'

/** A refused token is final, unless `next` gives another one. */
export function accountOfToken(provider: ProviderName, token: string, next: () => string | null = () => null): Account {
  let present = token
  return {
    connectionId: 'test',
    provider,
    ownerId: 'local',
    name: 'slipway-bot',
    details: {},
    token(input) {
      if (!input?.refused) return Promise.resolve({ ok: true, token: makeSecret(present) })
      const other = next()
      const message = 'The account has to be connected again. Reconnect in Settings → Connections.'
      if (other === null) return Promise.resolve({ ok: false, problem: 'reconnect', message })
      present = other
      return Promise.resolve({ ok: true, token: makeSecret(other) })
    },
  }
}

/** Everybody's accounts, by owner. */
export function accountsOf(byOwner: Record<string, Account[]>): Accounts {
  return {
    find: ({ ownerId, provider }) => Promise.resolve(byOwner[ownerId]?.find((account) => account.provider === provider) ?? null),
  }
}
