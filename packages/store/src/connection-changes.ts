// What can happen to a connection, as it is written down.

import type { Client } from 'pg'
import type { Connection, NewConnection, Tokens } from './connections.ts'
import type { Sealer, SealPlace } from './seal.ts'

export type ConnectionChange =
  | ({ type: 'connected' } & Pick<NewConnection, 'kind' | 'account' | 'scopes' | 'details' | 'tokens'>)
  | { type: 'refreshed'; tokens: Tokens }
  /** Nothing was heard of the provider; what there is stays. */
  | { type: 'refresh-failed' }
  /** The provider takes the tokens no more. */
  | { type: 'lost'; reason: string }
  /** The provider was asked and knows the account. */
  | { type: 'checked'; account: NewConnection['account']; scopes: string[] | null }
  /** Something that the provider calls by a name was chosen. */
  | { type: 'detailed'; details: Record<string, string> }
  /** Tokens are forgotten; the row stays for the record. */
  | { type: 'disconnected' }

export async function changeConnection(
  client: Client,
  seal: Sealer,
  row: Pick<Connection, 'id' | 'ownerId'>,
  change: ConnectionChange,
): Promise<void> {
  const set = (text: string, values: unknown[] = []) => client.query(`update connections set ${text} where id = $1`, [row.id, ...values])
  const sealed = ({ access, refresh }: Tokens) => [
    seal.seal(access.reveal(), placeOf(row, 'sealed_access')),
    refresh === null ? null : seal.seal(refresh.reveal(), placeOf(row, 'sealed_refresh')),
  ]
  switch (change.type) {
    case 'connected': {
      const { kind, account, scopes, details, tokens } = change
      await set(
        `status = 'connected', reason = null, connected_at = clock_timestamp(), refresh_failed_at = null, refreshed_at = null,
         sealed_access = $2, sealed_refresh = $3, expires_at = $4, kind = $5, account_name = $6, avatar_url = $7, scopes = $8, details = $9`,
        [...sealed(tokens), tokens.expiresAt, kind, account.name, account.avatarUrl, scopes, JSON.stringify(details)],
      )
      return
    }
    case 'refreshed':
      await set(
        `status = 'connected', reason = null, refreshed_at = clock_timestamp(), refresh_failed_at = null,
         sealed_access = $2, sealed_refresh = $3, expires_at = $4`,
        [...sealed(change.tokens), change.tokens.expiresAt],
      )
      return
    case 'refresh-failed':
      await set('refresh_failed_at = clock_timestamp()')
      return
    case 'lost':
      await set(`status = 'reconnect', reason = $2`, [change.reason])
      return
    case 'checked':
      await set(`status = 'connected', reason = null, account_name = $2, avatar_url = $3, scopes = coalesce($4, scopes)`, [
        change.account.name,
        change.account.avatarUrl,
        change.scopes,
      ])
      return
    case 'detailed':
      await set('details = $2', [JSON.stringify(change.details)])
      return
    case 'disconnected':
      await set(`status = 'disconnected', reason = null, sealed_access = null, sealed_refresh = null, expires_at = null`)
  }
}

export function placeOf({ id, ownerId }: Pick<Connection, 'id' | 'ownerId'>, column: 'sealed_access' | 'sealed_refresh'): SealPlace {
  return { owner: ownerId, table: 'connections', row: id, column }
}
