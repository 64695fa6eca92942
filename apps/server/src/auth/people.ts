// The people of an installation: who may sign in, as what.

import type { Queryable } from '@slipway/store/person-store'
import { LOCAL_OWNER, type Person, type Role } from './person.ts'

export interface PersonRow {
  id: string
  ownerId: string
  email: string
  name: string
  role: Role
  createdAt: string
  joinedAt: string | null
  seenAt: string | null
  isDisabled: boolean
}

export interface People {
  /** Lets the address in, or null. The very first becomes administrator; `mayJoin`: whether a stranger may. */
  admit(input: { email: string; name: string; mayJoin: boolean }): Promise<PersonRow | null>
  /** Whether `admit` would let the address in; changes nothing. */
  wouldAdmit(input: { email: string; mayJoin: boolean }): Promise<boolean>
  /** Whether nobody has signed in yet. */
  isNew(): Promise<boolean>
  get(id: string): Promise<PersonRow | null>
  list(): Promise<PersonRow[]>
  /** null when the address is known already. */
  invite(input: { email: string; role: Role }): Promise<PersonRow | null>
  /** `last`: nobody would be left who may change anything. */
  change(input: { id: string; role: Role | null; isDisabled: boolean | null }): Promise<'ok' | 'unknown' | 'last'>
  /** Whether work may still begin in this owner's name: the command line's always, a person's as long as they are a member. */
  mayWork(ownerId: string): Promise<boolean>
  rename(input: { id: string; name: string }): Promise<void>
}

const columns = `id, owner_id as "ownerId", email, name, role, created_at as "createdAt", joined_at as "joinedAt", seen_at as "seenAt",
  disabled_at is not null as "isDisabled"`

export function createPeople(pool: Queryable): People {
  async function one(text: string, values: unknown[]): Promise<PersonRow | null> {
    return (await pool.query<PersonRow>(text, values)).rows[0] ?? null
  }

  return {
    admit: ({ email, name, mayJoin }) => one(`select ${columns} from admit_person($1, $2, $3)`, [email, name, mayJoin]),
    async wouldAdmit({ email, mayJoin }) {
      const { rows } = await pool.query<{ known: boolean | null; isFirst: boolean }>(
        `select (select disabled_at is null from people where email = lower($1)) as known, not exists (select from people) as "isFirst"`,
        [email],
      )
      return rows[0]?.known ?? (mayJoin || rows[0]?.isFirst === true)
    },
    isNew: async () => (await pool.query('select from people where joined_at is not null limit 1')).rowCount === 0,
    get: (id) => one(`select ${columns} from people where id = $1`, [id]),
    async list() {
      return (await pool.query<PersonRow>(`select ${columns} from people order by created_at, id`)).rows
    },
    invite: ({ email, role }) =>
      one(
        `insert into people (owner_id, email, role) values (gen_random_uuid()::text, lower($1), $2) on conflict (email) do nothing returning ${columns}`,
        [email, role],
      ),
    async change({ id, role, isDisabled }) {
      const { rows } = await pool.query<{ result: 'ok' | 'unknown' | 'last' }>('select change_person($1, $2, $3) as result', [
        id,
        role,
        isDisabled,
      ])
      if (rows[0]?.result === 'ok' && isDisabled === true) {
        await pool.query(
          `delete from auth.session s using auth."user" u, people p where u.id = s."userId" and u.email = p.email and p.id = $1`,
          [id],
        )
      }
      return rows[0]?.result ?? 'unknown'
    },
    async mayWork(ownerId) {
      const found = await one(`select ${columns} from people where owner_id = $1`, [ownerId])
      return found === null ? ownerId === LOCAL_OWNER : !found.isDisabled && found.role !== 'viewer'
    },
    async rename({ id, name }) {
      await pool.query('update people set name = $2 where id = $1', [id, name])
    },
  }
}

export function personOfRow(row: Pick<PersonRow, 'id' | 'ownerId' | 'role' | 'name' | 'email'>, via: Person['via']): Person {
  const { id, ownerId, role, name, email } = row
  return { id, ownerId, role, name, email, via }
}
