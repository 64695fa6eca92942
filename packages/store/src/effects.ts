import type { Effects } from '@slipway/core/ports'
import type { Pool } from 'pg'
import { storableJson } from './storable-text.ts'

/** Outward calls by their idempotency key. A key that was intended and not done may have happened: look it up before calling. */
export function createEffects(pool: Pool): Effects {
  return {
    async intend({ key, sessionId, kind, request }) {
      const { rows } = await pool.query<{ is_done: boolean; answer: unknown; is_new: boolean }>({
        name: 'intend-effect',
        // The update changes nothing; it makes the row of whoever was first visible and waits for their commit. xmax is 0 only in a fresh row.
        text: `insert into effects (key, session_id, kind, request) values ($1, $2, $3, $4)
               on conflict (key) do update set key = excluded.key
               returning is_done, answer, xmax = 0 as is_new`,
        values: [key, sessionId, kind, toJson(request)],
      })
      const [row] = rows
      if (row === undefined) throw new Error('An upsert returned no row.')
      return row.is_done ? { done: true, answer: row.answer } : { done: false, wasIntended: !row.is_new }
    },
    async finish({ key, answer }) {
      const { rowCount } = await pool.query({
        name: 'finish-effect',
        // The first answer stays: a second one belongs to a repetition.
        text: `update effects set answer = case when is_done then answer else $2::json end, done_at = coalesce(done_at, clock_timestamp()), is_done = true where key = $1`,
        values: [key, toJson(answer)],
      })
      if (rowCount === 0) throw new Error(`The effect ${key} was finished without having been intended.`)
    },
  }
}

function toJson(value: unknown): string {
  return storableJson(value ?? null).json
}
