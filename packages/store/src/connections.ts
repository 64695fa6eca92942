// People's accounts at other services: what is known of them, and their tokens, sealed. Whoever changes tokens does it
// alone, over all processes, because a refresh token that is used twice makes some providers revoke everything.

import { randomUUID } from 'node:crypto'
import type { ProviderName } from '@slipway/core/accounts'
import { makeSecret, type Secret } from '@slipway/core/secret'
import type { Client } from 'pg'
import { type ConnectionChange, changeConnection, placeOf } from './connection-changes.ts'
import type { Database } from './database.ts'
import { openTurnstile } from './turnstile.ts'
import type { Queryable } from './person-store.ts'
import type { Opened, Sealer, SealProblem } from './seal.ts'
import { isPossibleId } from './storable-text.ts'

export type ConnectionKind = 'oauth' | 'app' | 'token'
export type ConnectionStatus = 'connected' | 'reconnect' | 'disconnected'

export interface Connection {
  id: string
  ownerId: string
  provider: ProviderName
  kind: ConnectionKind
  /** At the provider. */
  accountId: string
  accountName: string
  avatarUrl: string | null
  scopes: string[]
  /** What else the provider calls by a name: team, workspace, installation. */
  details: Record<string, string>
  status: ConnectionStatus
  /** Why the person must connect again. */
  reason: string | null
  createdAt: string
  connectedAt: string
  usedAt: string | null
  refreshedAt: string | null
  /** Of the access token; null: it does not run out. */
  expiresAt: string | null
}

export interface Tokens {
  access: Secret
  refresh: Secret | null
  expiresAt: string | null
}

export interface NewConnection {
  ownerId: string
  provider: ProviderName
  kind: ConnectionKind
  account: { id: string; name: string; avatarUrl: string | null }
  scopes: string[]
  details: Record<string, string>
  tokens: Tokens
}

export interface HeldConnection {
  connection: Connection
  tokens: { ok: true; tokens: Tokens } | { ok: false; problem: SealProblem | 'none' }
  refreshFailedAt: string | null
}

export interface ConnectionId {
  ownerId: string
  id: string
}

export type AloneWork<Result> = (held: HeldConnection) => Promise<{ change: ConnectionChange | null; result: Result }>

export interface Connections {
  /** Connects the account, or the same account anew. */
  put(input: NewConnection): Promise<Connection>
  /** Those of the owner, the one to use first: connected ones before others, then the one that was used or connected last. */
  list(input: { ownerId: string; provider: ProviderName }): Promise<Connection[]>
  read(at: ConnectionId): Promise<HeldConnection | null>
  /** Runs `work` while nobody else does so for this connection, in any process, and stores the change it asks for. null: there is no such connection. */
  alone<Result>(at: ConnectionId, work: AloneWork<Result>): Promise<Result | null>
  noteUse(id: string): Promise<void>
  /** Brings all tokens under the present key. `unreadable`: how many cannot be opened. */
  rewrap(): Promise<{ rewrapped: number; unreadable: number }>
}

export const connectionColumns = `id, owner_id as "ownerId", provider, kind, account_id as "accountId", account_name as "accountName",
  avatar_url as "avatarUrl", scopes, details, status, reason, created_at as "createdAt", connected_at as "connectedAt", used_at as "usedAt",
  refreshed_at as "refreshedAt", expires_at as "expiresAt"`

interface SealedRow extends Connection {
  sealedAccess: Buffer | null
  sealedRefresh: Buffer | null
  refreshFailedAt: string | null
}

const sealedColumns = `${connectionColumns}, sealed_access as "sealedAccess", sealed_refresh as "sealedRefresh", refresh_failed_at as "refreshFailedAt"`
/** A connection to the database of its own is held for each, so that slow providers use up no pool. */
const atOnce = 8

/** Those of the person whose store it is, newest first; disconnected ones are left out. */
export async function listConnections(store: Queryable, ownerId: string): Promise<Connection[]> {
  const { rows } = await store.query<Connection>(
    `select ${connectionColumns} from connections where owner_id = $1 and status <> 'disconnected' order by created_at desc, id`,
    [ownerId],
  )
  return rows
}

export function createConnections(database: Pick<Database, 'pool' | 'connect'>, sealer: () => Promise<Sealer>): Connections {
  const { pool } = database
  const turnstile = openTurnstile(atOnce)

  async function alone<Result>(at: ConnectionId, work: AloneWork<Result>, find = sealedRow): Promise<Result | null> {
    return turnstile(async () => {
      const seal = await sealer()
      const client = await database.connect()
      try {
        await client.query('begin')
        await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`connection ${at.id}`])
        const row = await find(client, at)
        if (row === null) return null
        const { change, result } = await work(held(seal, row))
        if (change !== null) await changeConnection(client, seal, row, change)
        await client.query('commit')
        return result
      } finally {
        await client.end() // Without the commit this rolls back.
      }
    })
  }

  return {
    alone: (at, work) => alone(at, work),
    async put(input) {
      const seal = await sealer()
      const { ownerId, provider, account } = input
      const id = (await findAccount(pool, input)) ?? randomUUID()
      const sealed = seal.seal(input.tokens.access.reveal(), placeOf({ id, ownerId }, 'sealed_access'))
      await pool.query(
        `insert into connections (id, owner_id, provider, kind, account_id, account_name, status, sealed_access)
         values ($1, $2, $3, $4, $5, $6, 'connected', $7) on conflict do nothing`,
        [id, ownerId, provider, input.kind, account.id, account.name, sealed],
      )
      // Somebody may have connected the same account in between, under an id of their own.
      const stored = (await findAccount(pool, input)) ?? id
      const { kind, scopes, details, tokens } = input
      const change: ConnectionChange = { type: 'connected', kind, account, scopes, details, tokens }
      await alone({ ownerId, id: stored }, async () => ({ change, result: null }), anyRow)
      const row = await sealedRow(pool, { ownerId, id: stored })
      if (row === null) throw new Error('A connection that was just made is not there.')
      return plain(row)
    },
    async list({ ownerId, provider }) {
      const { rows } = await pool.query<Connection>(
        `select ${connectionColumns} from connections where owner_id = $1 and provider = $2 and status <> 'disconnected'
         order by status = 'connected' desc, greatest(used_at, connected_at) desc, id`,
        [ownerId, provider],
      )
      return rows
    },
    async read(at) {
      const row = await sealedRow(pool, at)
      return row === null ? null : held(await sealer(), row)
    },
    async noteUse(id) {
      await pool.query('update connections set used_at = clock_timestamp() where id = $1', [id])
    },
    rewrap: async () => rewrapAll(pool, await sealer()),
  }
}

async function findAccount(pool: Queryable, { ownerId, provider, account }: NewConnection): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from connections where owner_id = $1 and provider = $2 and account_id = $3',
    [ownerId, provider, account.id],
  )
  return rows[0]?.id ?? null
}

async function anyRow(client: Pick<Client, 'query'>, { ownerId, id }: ConnectionId): Promise<SealedRow | null> {
  if (!isPossibleId(id)) return null
  const { rows } = await client.query<SealedRow>(`select ${sealedColumns} from connections where owner_id = $1 and id = $2`, [ownerId, id])
  return rows[0] ?? null
}

/** Not a disconnected one. */
async function sealedRow(client: Pick<Client, 'query'>, at: ConnectionId): Promise<SealedRow | null> {
  const row = await anyRow(client, at)
  return row?.status === 'disconnected' ? null : row
}

function held(seal: Sealer, row: SealedRow): HeldConnection {
  return { connection: plain(row), tokens: tokensOf(seal, row), refreshFailedAt: row.refreshFailedAt }
}

function tokensOf(seal: Sealer, row: SealedRow): HeldConnection['tokens'] {
  if (row.sealedAccess === null) return { ok: false, problem: 'none' }
  const access = seal.open(row.sealedAccess, placeOf(row, 'sealed_access'))
  if (!access.ok) return access
  const refresh: Opened | null = row.sealedRefresh === null ? null : seal.open(row.sealedRefresh, placeOf(row, 'sealed_refresh'))
  if (refresh !== null && !refresh.ok) return refresh
  return {
    ok: true,
    tokens: { access: makeSecret(access.text), refresh: refresh === null ? null : makeSecret(refresh.text), expiresAt: row.expiresAt },
  }
}

function plain({ sealedAccess: _, sealedRefresh: __, refreshFailedAt: ___, ...connection }: SealedRow): Connection {
  return connection
}

async function rewrapAll(pool: Queryable, seal: Sealer): Promise<{ rewrapped: number; unreadable: number }> {
  const { rows } = await pool.query<SealedRow>(`select ${sealedColumns} from connections where sealed_access is not null`)
  const counts = { rewrapped: 0, unreadable: 0 }
  for (const row of rows) {
    if (!tokensOf(seal, row).ok) counts.unreadable++
    const access = row.sealedAccess === null ? null : seal.rewrap(row.sealedAccess, placeOf(row, 'sealed_access'))
    const refresh = row.sealedRefresh === null ? null : seal.rewrap(row.sealedRefresh, placeOf(row, 'sealed_refresh'))
    if (access === null && refresh === null) continue
    // Only what was read: tokens that were refreshed meanwhile are under the present key already.
    const { rowCount } = await pool.query(
      `update connections set sealed_access = coalesce($2, sealed_access), sealed_refresh = coalesce($3, sealed_refresh)
       where id = $1 and sealed_access = $4 and sealed_refresh is not distinct from $5`,
      [row.id, access, refresh, row.sealedAccess, row.sealedRefresh],
    )
    counts.rewrapped += rowCount ?? 0
  }
  return counts
}
