// The database role under which a person's queries run. It owns nothing, so row-level security holds for it.

import type { Client } from 'pg'
import { DatabaseProblem } from './database-problem.ts'

/** Named in the migrations too. */
export const PERSON_ROLE = 'slipway_person'

/** Roles belong to the whole server, so other databases may be making this one at the same moment. */
const attempts = 5

/** Makes the role and lets this user take it. Throws DatabaseProblem with what an administrator of the database has to run. */
export async function ensurePersonRole(client: Client): Promise<void> {
  for (let attempt = 1; !(await mayTakeRole(client)); attempt++) {
    try {
      if (!(await roleExists(client))) await client.query(`create role ${PERSON_ROLE} nologin`)
      if (!(await mayTakeRole(client))) await client.query(`grant ${PERSON_ROLE} to current_user`)
    } catch (cause) {
      if (!isRace(cause) || attempt === attempts) throw await roleMissing(client, cause)
    }
  }
}

async function roleExists(client: Client): Promise<boolean> {
  return (await client.query('select from pg_roles where rolname = $1', [PERSON_ROLE])).rowCount === 1
}

async function mayTakeRole(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ may: boolean }>(
    // Before version 16 whoever is a member may take the role.
    `select pg_has_role(current_user, oid, case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) as may
     from pg_roles where rolname = $1`,
    [PERSON_ROLE],
  )
  return rows[0]?.may ?? false
}

/** duplicate_object, unique_violation, and "tuple concurrently updated". */
function isRace(error: unknown): boolean {
  return ['42710', '23505', 'XX000'].includes((error as { code?: string }).code ?? '')
}

async function roleMissing(client: Client, cause: unknown): Promise<DatabaseProblem> {
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_user) as name')
  return new DatabaseProblem(
    'role-missing',
    `The database user ${rows[0]?.name} may not make the role ${PERSON_ROLE}, which keeps people apart: ${(cause as Error).message}`,
    `Let an administrator of the database run these two statements, then start again:\n  create role ${PERSON_ROLE} nologin;\n  grant ${PERSON_ROLE} to ${rows[0]?.name};`,
    { cause },
  )
}
