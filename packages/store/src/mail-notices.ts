// What people want to hear by mail, and the mails that are due for it. Each waits in the outbox under the id of what happened.

import type { Pool } from 'pg'
import type { Queryable } from './person-store.ts'

export interface MailChoices {
  needsYou: boolean
  finished: boolean
  failed: boolean
}

/** Of the person whose view of the database it is. */
export async function readMailChoices(database: Queryable, ownerId: string): Promise<MailChoices> {
  const { rows } = await database.query<MailChoices>(
    `select needs_you_since is not null as "needsYou", finished_since is not null as finished, failed_since is not null as failed
     from mail_choices where owner_id = $1`,
    [ownerId],
  )
  return rows[0] ?? { needsYou: false, finished: false, failed: false }
}

/** What is turned on counts from now; what is on stays so since it was. */
export async function saveMailChoices(database: Queryable, ownerId: string, { needsYou, finished, failed }: MailChoices): Promise<void> {
  await database.query(
    `insert into mail_choices as present (owner_id, needs_you_since, finished_since, failed_since)
     values ($1, case when $2 then clock_timestamp() end, case when $3 then clock_timestamp() end, case when $4 then clock_timestamp() end)
     on conflict (owner_id) do update set
       needs_you_since = case when $2 then coalesce(present.needs_you_since, excluded.needs_you_since) end,
       finished_since = case when $3 then coalesce(present.finished_since, excluded.finished_since) end,
       failed_since = case when $4 then coalesce(present.failed_since, excluded.failed_since) end`,
    [ownerId, needsYou, finished, failed],
  )
}

/** Puts mails for what happened within the last day into the outbox. A question first rests for `restMs`: it may be answered at once. */
export async function takeUpNotices(pool: Pool, { restMs }: { restMs: number }): Promise<number> {
  const { rowCount } = await pool.query(
    `insert into outbox (key, owner_id, session_id, kind, payload)
     select 'mail ' || e.id, s.owner_id, s.id, 'mail-notice', json_build_object('seq', e.seq)
     from events e join sessions s on s.id = e.session_id join mail_choices c on c.owner_id = s.owner_id
     where e.type in ('human-asked', 'session-finished') and e.at > clock_timestamp() - interval '1 day'
       and e.at > case
         when e.type = 'human-asked' and e.at < clock_timestamp() - $1 * interval '1 ms' then c.needs_you_since
         when e.type = 'human-asked' or e.body ->> 'outcome' = 'stopped' then null
         when e.body ->> 'outcome' = 'failed' then c.failed_since
         else c.finished_since end
     on conflict do nothing`,
    [restMs],
  )
  return rowCount ?? 0
}

/** Where the owner's mail goes; null: nowhere, as nobody may sign in as that owner. */
export async function mailAddressOf(pool: Queryable, ownerId: string): Promise<string | null> {
  const { rows } = await pool.query<{ email: string }>(
    'select email from people where owner_id = $1 and disabled_at is null and joined_at is not null',
    [ownerId],
  )
  return rows[0]?.email ?? null
}
