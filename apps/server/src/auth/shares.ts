// Links by which everybody who has one may look at one session, and do nothing else.

import type { PersonStore, Queryable } from '@slipway/store/person-store'
import { hashOf, makeBearerSecret } from './bearer-secret.ts'

export interface ShareRow {
  id: string
  /** Its last characters. */
  hint: string
  createdAt: string
  expiresAt: string | null
}

/** What a link leads to. */
export interface Shared {
  shareId: string
  sessionId: string
  ownerId: string
}

const columns = 'id, hint, created_at as "createdAt", expires_at as "expiresAt"'

/** Those that are not withdrawn. */
export async function listShares(store: PersonStore, sessionId: string): Promise<ShareRow[]> {
  const { rows } = await store.query<ShareRow>(
    `select ${columns} from shares where session_id = $1 and withdrawn_at is null order by created_at desc, id`,
    [sessionId],
  )
  return rows
}

/** The session must be the person's; the database refuses it otherwise. `token` is not to be had again. */
export async function makeShare(
  store: PersonStore,
  wanted: { sessionId: string; ownerId: string; expiresAt: string | null },
): Promise<ShareRow & { token: string }> {
  const { text, hash, hint } = makeBearerSecret('')
  const { rows } = await store.query<ShareRow>(
    `insert into shares (owner_id, session_id, hint, hash, expires_at) values ($1, $2, $3, $4, $5) returning ${columns}`,
    [wanted.ownerId, wanted.sessionId, hint, hash, wanted.expiresAt],
  )
  const [row] = rows
  if (row === undefined) throw new Error('An insert returned no row.')
  return { ...row, token: text }
}

/** false: there is no such link on this session. */
export async function withdrawShare(store: PersonStore, wanted: { sessionId: string; id: string }): Promise<boolean> {
  const { rowCount } = await store.query(
    'update shares set withdrawn_at = clock_timestamp() where id = $1 and session_id = $2 and withdrawn_at is null',
    [wanted.id, wanted.sessionId],
  )
  return rowCount === 1
}

/** What the link's token leads to; null when it is unknown, withdrawn or has run out. */
export async function resolveShare(pool: Queryable, token: string): Promise<Shared | null> {
  const { rows } = await pool.query<Shared>({
    name: 'resolve-share',
    text: `select id as "shareId", session_id as "sessionId", owner_id as "ownerId" from shares
           where hash = $1 and withdrawn_at is null and (expires_at is null or expires_at > clock_timestamp())`,
    values: [hashOf(token)],
  })
  return rows[0] ?? null
}
