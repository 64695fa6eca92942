// Finds out who asks, from what a request carries.

import type { Queryable } from '@slipway/store/person-store'
import { isSameToken } from '../http/api-token.ts'
import { hashOf, KEY_PREFIX } from './bearer-secret.ts'
import { personOfRow, type PersonRow } from './people.ts'
import { LOCAL_OWNER, localPerson, type Person } from './person.ts'
import { readSessionToken } from './session-cookie.ts'

/** What let a person in, and can be taken away while they are here. */
export interface Credential {
  kind: 'session' | 'key' | 'share'
  id: string
}

export interface Identified {
  person: Person
  /** null: the token of the home folder, which nobody takes away. */
  credential: Credential | null
}

export interface Identify {
  (input: { bearer: string; cookies: string | undefined }): Promise<Identified | null>
}

type Found = PersonRow & { credentialId: string }

const person = 'p.id, p.owner_id as "ownerId", p.email, p.name, p.role'
/** A key, or a sign-in, of somebody who was seen is noted once in this time. */
const SEEN_EVERY = `interval '1 minute'`

const bySession = `select ${person}, s.id as "credentialId", p.seen_at is null or p.seen_at < clock_timestamp() - ${SEEN_EVERY} as "isStale"
  from auth.session s join auth."user" u on u.id = s."userId" join people p on p.email = u.email
  where s.token = $1 and s."expiresAt" > clock_timestamp() and p.disabled_at is null and p.joined_at is not null`
const byKey = `select ${person}, k.id as "credentialId", k.person_id as "keyOf",
    k.last_used_at is null or k.last_used_at < clock_timestamp() - ${SEEN_EVERY} as "isStale"
  from api_keys k left join people p on p.id = k.person_id
  where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp())
    and (k.person_id = '${LOCAL_OWNER}' or (p.id is not null and p.disabled_at is null))`

export function openIdentify(input: { pool: Queryable; token: string; cookiePrefix: string; cookieKey: string }): Identify {
  const { pool } = input

  async function ofSession(token: string): Promise<Identified | null> {
    const { rows } = await pool.query<Found & { isStale: boolean }>({ name: 'person-by-session', text: bySession, values: [token] })
    const [found] = rows
    if (found === undefined) return null
    if (found.isStale) await pool.query('update people set seen_at = clock_timestamp() where id = $1', [found.id])
    return { person: personOfRow(found, 'cookie'), credential: { kind: 'session', id: found.credentialId } }
  }

  async function ofKey(key: string): Promise<Identified | null> {
    const values = [hashOf(key)]
    const { rows } = await pool.query<Found & { keyOf: string; isStale: boolean }>({ name: 'person-by-key', text: byKey, values })
    const [found] = rows
    if (found === undefined) return null
    if (found.isStale) await pool.query('update api_keys set last_used_at = clock_timestamp() where id = $1', [found.credentialId])
    const known: Person = found.keyOf === LOCAL_OWNER ? { ...localPerson, via: 'key' } : personOfRow(found, 'key')
    return { person: known, credential: { kind: 'key', id: found.credentialId } }
  }

  return async ({ bearer, cookies }) => {
    // Who names a credential is judged by it: a wrong token is not made good by a cookie.
    if (bearer.startsWith(KEY_PREFIX)) return ofKey(bearer)
    if (bearer !== '') return isSameToken(bearer, input.token) ? { person: localPerson, credential: null } : null
    const token = readSessionToken(cookies, { prefix: input.cookiePrefix, key: input.cookieKey })
    return token === null ? null : ofSession(token)
  }
}
