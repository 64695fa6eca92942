// The browsers in which a person is signed in.

import type { Queryable } from '@slipway/store/person-store'

export interface Device {
  id: string
  userAgent: string
  address: string
  signedInAt: string
  seenAt: string
}

const ofPerson = `u.id = s."userId" and u.email = p.email and p.id = $1`

/** The latest first. */
export async function listDevices(pool: Queryable, personId: string): Promise<Device[]> {
  const { rows } = await pool.query<Device>(
    `select s.id, coalesce(s."userAgent", '') as "userAgent", coalesce(s."ipAddress", '') as address, s."createdAt" as "signedInAt",
       s."updatedAt" as "seenAt"
     from auth.session s, auth."user" u, people p where ${ofPerson} and s."expiresAt" > clock_timestamp() order by s."createdAt" desc, s.id`,
    [personId],
  )
  return rows
}

/** Ends one of them, or all. Returns how many there were. */
export async function signOutDevices(pool: Queryable, personId: string, id: string | null): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from auth.session s using auth."user" u, people p where ${ofPerson} and ($2::text is null or s.id = $2)`,
    [personId, id],
  )
  return rowCount ?? 0
}
