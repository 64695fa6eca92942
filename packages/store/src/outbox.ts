// Writes to other services that must happen once: put here first, made by one process at a time, looked up before they are repeated.

import type { Pool } from 'pg'
import { storableJson, storableText } from './storable-text.ts'

export interface OutboxEntry {
  /** Says what it is; a second one with the same key is the same write. */
  key: string
  ownerId: string
  sessionId: string | null
  kind: string
  payload: unknown
  /** How often it was begun, this time included. More than once: look whether it was done before doing it. */
  attempts: number
}

export interface Outbox {
  /** False: it was there already. */
  put(entry: Omit<OutboxEntry, 'attempts'>): Promise<boolean>
  /** The entry of one of these kinds that has been due for longest, for `leaseMs`; null: there is none. */
  claim(input: { kinds: readonly string[]; leaseMs: number }): Promise<OutboxEntry | null>
  /** Notes that a write begins that cannot be looked up. False: an earlier try began and nothing is known of its end. */
  begin(entry: OutboxEntry): Promise<boolean>
  finish(entry: OutboxEntry, answer: unknown): Promise<void>
  postpone(entry: OutboxEntry, input: { afterMs: number; error: string }): Promise<void>
  giveUp(entry: OutboxEntry, error: string): Promise<void>
}

export function createOutbox(pool: Pool): Outbox {
  /** Whoever was frozen while another one took over says nothing any more. */
  async function settle({ key, attempts }: OutboxEntry, change: string, values: unknown[]): Promise<void> {
    await pool.query(`update outbox set ${change} where key = $1 and attempts = $2 and done_at is null`, [key, attempts, ...values])
  }

  return {
    async put({ key, ownerId, sessionId, kind, payload }) {
      const { rowCount } = await pool.query(
        'insert into outbox (key, owner_id, session_id, kind, payload) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [storableText(key), ownerId, sessionId, kind, storableJson(payload).json],
      )
      return rowCount === 1
    },
    async claim({ kinds, leaseMs }) {
      const { rows } = await pool.query<OutboxEntry>(
        `update outbox set attempts = attempts + 1, due_at = clock_timestamp() + $2 * interval '1 ms'
         where key = (
           select key from outbox
           where done_at is null and given_up_at is null and due_at <= clock_timestamp() and kind = any($1)
           order by due_at, created_at limit 1 for update skip locked)
         returning key, owner_id as "ownerId", session_id as "sessionId", kind, payload, attempts`,
        [kinds, leaseMs],
      )
      return rows[0] ?? null
    },
    async begin({ key, attempts }) {
      const { rowCount } = await pool.query(
        `update outbox set answer = '"begun"' where key = $1 and attempts = $2 and done_at is null and answer is null`,
        [key, attempts],
      )
      return rowCount === 1
    },
    finish: (entry, answer) =>
      settle(entry, 'done_at = clock_timestamp(), answer = $3, last_error = null', [storableJson(answer ?? null).json]),
    postpone: (entry, { afterMs, error }) =>
      settle(entry, `due_at = clock_timestamp() + $3 * interval '1 ms', last_error = $4, answer = null`, [afterMs, storableText(error)]),
    giveUp: (entry, error) => settle(entry, 'given_up_at = clock_timestamp(), last_error = $3', [storableText(error)]),
  }
}
