// A person's API keys. The key itself is shown once; afterwards only its hash is there.

import type { PersonStore } from '@slipway/store/person-store'
import { KEY_PREFIX, makeBearerSecret } from './bearer-secret.ts'
import type { Person } from './person.ts'

export interface KeyRow {
  id: string
  name: string
  /** Its last characters. */
  hint: string
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
}

const columns = 'id, name, hint, created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"'

/** Keys that still count or have run out; revoked ones are left out. */
export async function listKeys(store: PersonStore): Promise<KeyRow[]> {
  return (await store.query<KeyRow>(`select ${columns} from api_keys where revoked_at is null order by created_at desc, id`)).rows
}

/** `key` is not to be had again. */
export async function makeKey(
  store: PersonStore,
  person: Person,
  wanted: { name: string; expiresAt: string | null },
): Promise<KeyRow & { key: string }> {
  const { text, hash, hint } = makeBearerSecret(KEY_PREFIX)
  const { rows } = await store.query<KeyRow>(
    `insert into api_keys (owner_id, person_id, name, hint, hash, expires_at) values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
    [person.ownerId, person.id, wanted.name, hint, hash, wanted.expiresAt],
  )
  const [row] = rows
  if (row === undefined) throw new Error('An insert returned no row.')
  return { ...row, key: text }
}

/** false: there is no such key. */
export async function revokeKey(store: PersonStore, id: string): Promise<boolean> {
  const { rowCount } = await store.query('update api_keys set revoked_at = clock_timestamp() where id = $1 and revoked_at is null', [id])
  return rowCount === 1
}
