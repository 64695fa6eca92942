// Makes the sessions' rows and the budget entries again from the log. Needed when they are lost, or when a newer version
// computes them differently. What is not in the log stays as it is (limits) or starts empty (effects: the outside is asked).

import type { SessionEvent } from '@slipway/core/events'
import type { Client } from 'pg'
import { recountBudgets } from './budgets.ts'
import type { Database } from './database.ts'
import { eventColumns, toEvent, type EventRow } from './event-row.ts'
import { sessionChange, sessionOrigin } from './session-projection.ts'

const batchSize = 500

/** All or nothing; appends wait meanwhile. Sessions with work left become due at once. Returns how many sessions there are. */
export async function rebuildProjections(database: Database): Promise<number> {
  const client = await database.connect()
  try {
    await client.query('begin')
    await client.query('lock table sessions, budget_entries in access exclusive mode')
    await client.query('delete from sessions')
    // What plans cost stands in no session's log.
    await client.query('delete from budget_entries where not exists (select from plans where plans.id = budget_entries.session_id)')
    const { rows } = await client.query<{ id: string; copied: number }>(
      `select session_id as id, coalesce(max(seq) filter (where type = 'session-forked'), 0) as copied from events group by session_id`,
    )
    for (const { id, copied } of rows) await rebuildSession(client, id, copied)
    await client.query(recountBudgets)
    await client.query('commit')
    return rows.length
  } finally {
    await client.end() // Without the commit this rolls back.
  }
}

/** Events up to `copied` came from the session that was forked; their cost is counted there. */
async function rebuildSession(client: Client, id: string, copied: number): Promise<void> {
  let after = 0
  for (;;) {
    const { rows } = await client.query<EventRow>(
      `select ${eventColumns} from events where session_id = $1 and seq > $2 order by seq limit $3`,
      [id, after, batchSize],
    )
    const events = rows.map(toEvent)
    const [first] = events
    if (first === undefined) break
    if (first.seq === 1) await insertSession(client, first)
    await applyEvents(client, id, events)
    await enterCosts(
      client,
      id,
      events.filter((event) => event.seq > copied),
    )
    after += events.length
  }
  await client.query(`update sessions set wake_at = clock_timestamp() where id = $1 and status = 'running'`, [id])
}

async function insertSession(client: Client, first: SessionEvent): Promise<void> {
  if (first.body.type !== 'session-created') throw new Error(`The log of session ${first.sessionId} does not begin with session-created.`)
  const { ownerId, title, repositoryUrl } = sessionOrigin(first.body)
  // Fences must grow for ever. The earlier ones are not in the log, but there were fewer claims than seconds since 1970.
  await client.query(
    `insert into sessions (id, owner_id, title, repository_url, status, head, created_at, updated_at, lease_fence)
     values ($1, $2, $3, $4, 'running', 0, $5, $5, floor(extract(epoch from clock_timestamp())))`,
    [first.sessionId, ownerId, title, repositoryUrl, first.at],
  )
}

async function applyEvents(client: Client, id: string, events: SessionEvent[]): Promise<void> {
  await client.query(
    `update sessions set
       (title, status, outcome, open_asks, cost_micros)
         = (select title, status, outcome, open_asks, cost_micros from apply_session_change(sessions, $2)),
       head = $3,
       updated_at = greatest(updated_at, (select max(at) from unnest($4::timestamptz[]) as at))
     where id = $1`,
    [id, JSON.stringify(sessionChange(events.map((event) => event.body))), events.at(-1)?.seq, events.map((event) => event.at)],
  )
}

async function enterCosts(client: Client, id: string, events: SessionEvent[]): Promise<void> {
  for (const { at, body } of events) {
    if (body.type === 'model-requested') {
      await client.query(
        `insert into budget_entries (call_id, session_id, owner_id, micros, at) select $1, id, owner_id, $3, $4 from sessions where id = $2 on conflict do nothing`,
        [body.callId, id, body.reservedMicros, at],
      )
    } else if (body.type === 'model-responded' || body.type === 'model-failed') {
      await client.query('update budget_entries set micros = $2, is_settled = true where call_id = $1', [body.callId, body.costMicros])
    }
  }
}
