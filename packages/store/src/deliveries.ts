// What other services told us: stored before anything is done about it, done by one process at a time, never done twice.

import type { Pool } from 'pg'
import { storableText } from './storable-text.ts'

export type DeliveryProvider = 'github' | 'gitlab' | 'notion' | 'vercel'

export interface Delivery {
  provider: DeliveryProvider
  /** The sender's own id of it; the same for a repetition. */
  id: string
  event: string
  body: string
  /** How often it was begun, this time included. */
  attempts: number
}

export interface Deliveries {
  /** Stores it; false: this id was delivered before, whatever became of it. */
  accept(delivery: Omit<Delivery, 'attempts'>): Promise<boolean>
  /** The one of these providers that has been due for longest, for `leaseMs`: when its process dies it is due again. null: there is none. */
  claim(input: { leaseMs: number; providers: readonly DeliveryProvider[] }): Promise<Delivery | null>
  /** Dealt with, for good; only `note` is kept of it. */
  finish(delivery: Delivery, note: string): Promise<void>
  /** To be tried again after `afterMs`. */
  postpone(delivery: Delivery, input: { afterMs: number; note: string }): Promise<void>
  giveUp(delivery: Delivery, note: string): Promise<void>
}

export function createDeliveries(pool: Pool): Deliveries {
  /** Of two that hold the same delivery, as one was frozen, the earlier one says nothing any more. */
  async function settle({ provider, id, attempts }: Delivery, change: string, values: unknown[]): Promise<void> {
    await pool.query(`update deliveries set ${change} where provider = $1 and id = $2 and attempts = $3 and state = 'queued'`, [
      provider,
      id,
      attempts,
      ...values,
    ])
  }

  return {
    async accept({ provider, id, event, body }) {
      const { rowCount } = await pool.query(
        'insert into deliveries (provider, id, event, body) values ($1, $2, $3, $4) on conflict do nothing',
        [provider, storableText(id), storableText(event), storableText(body)],
      )
      return rowCount === 1
    },
    async claim({ leaseMs, providers }) {
      const { rows } = await pool.query<Delivery>(
        `update deliveries set attempts = attempts + 1, due_at = clock_timestamp() + $1 * interval '1 ms'
         where (provider, id) = (
           select provider, id from deliveries where state = 'queued' and due_at <= clock_timestamp() and provider = any($2)
           order by due_at limit 1 for update skip locked)
         returning provider, id, event, body, attempts`,
        [leaseMs, providers],
      )
      return rows[0] ?? null
    },
    finish: (delivery, note) => settle(delivery, `state = 'done', body = null, note = $4`, [storableText(note)]),
    postpone: (delivery, { afterMs, note }) =>
      settle(delivery, `due_at = clock_timestamp() + $4 * interval '1 ms', note = $5`, [afterMs, storableText(note)]),
    giveUp: (delivery, note) => settle(delivery, `state = 'given-up', body = null, note = $4`, [storableText(note)]),
  }
}
