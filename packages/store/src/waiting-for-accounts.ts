// Sessions that wait because a forge refused their person's account, and whose person has connected one there since.

import type { Queryable } from './person-store.ts'

export interface WaitingSession {
  sessionId: string
  ownerId: string
}

/** How far from its end a log says why its session waits. */
const newestEvents = 10

export async function waitingForAccounts(database: Queryable): Promise<WaitingSession[]> {
  const { rows } = await database.query<WaitingSession>(
    `select s.id as "sessionId", s.owner_id as "ownerId" from sessions s
     where s.status = 'waiting' and exists (
       select from connections c
       where c.owner_id = s.owner_id and c.status = 'connected'
         and c.provider = (select e.body -> 'repository' ->> 'forge' from events e where e.session_id = s.id and e.seq = 1)
         and exists (
           select from events e where e.session_id = s.id and e.seq > s.head - $1 and e.type = 'guard-tripped'
             and e.body ->> 'guard' = 'account' and e.body ->> 'action' = 'park' and e.at < c.connected_at))
     order by s.created_at limit 200`,
    [newestEvents],
  )
  return rows
}

/** What could not be done because an account was refused is tried again now. */
export async function hurryAfterConnecting(database: Queryable, ownerId: string): Promise<void> {
  const now = 'due_at = clock_timestamp()'
  const changes = [
    `update outbox set ${now} where owner_id = $1 and done_at is null and given_up_at is null and last_error is not null and attempts > 0`,
    `update followed set ${now} where owner_id = $1 and ended_at is null and problem is not null`,
    `update deployments set ${now} where owner_id = $1 and ended_at is null and problem is not null`,
    `update notion_databases set ${now} where owner_id = $1 and problem is not null`,
  ]
  for (const change of changes) await database.query(change, [ownerId])
}
