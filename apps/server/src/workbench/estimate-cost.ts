// What a session is likely to cost: from the person's own sessions, else from the price of typical ones.

import { costMicros } from '@slipway/core/pricing/cost'
import { lookupModel } from '@slipway/core/pricing/price-book'
import type { Queryable } from '@slipway/store/person-store'

export interface Estimate {
  basis: 'history' | 'typical' | 'free' | 'unknown'
  lowMicros: number | null
  highMicros: number | null
  sessions: number
}

/** Fewer say little. */
const ENOUGH_SESSIONS = 5
/** A fix of a few lines, and an afternoon of work; most input is read from the provider's cache. */
const SMALL = { inputTokens: 60_000, cacheReadTokens: 45_000, cacheWriteTokens: 10_000, outputTokens: 3_000, reasoningTokens: 0 }
const LONG = { inputTokens: 2_000_000, cacheReadTokens: 1_800_000, cacheWriteTokens: 120_000, outputTokens: 45_000, reasoningTokens: 0 }

/** `store` shows the person's rows only. */
export async function estimateCost(store: Queryable, model: string): Promise<Estimate> {
  const price = lookupModel(model)?.price ?? null
  if (price !== null && price.input === 0 && price.output === 0) return { basis: 'free', lowMicros: 0, highMicros: 0, sessions: 0 }
  const { rows } = await store.query<{ low: number | null; high: number | null; sessions: number }>(
    `select percentile_disc(0.25) within group (order by s.cost_micros)::bigint as low,
       percentile_disc(0.75) within group (order by s.cost_micros)::bigint as high, count(*)::int as sessions
     from (select * from sessions where status = 'done' and cost_micros > 0 order by created_at desc limit 200) s
     join events e on e.session_id = s.id and e.seq = 1 where e.body -> 'roles' -> 'code' ->> 'model' = $1`,
    [model],
  )
  const [own] = rows
  if (own !== undefined && own.sessions >= ENOUGH_SESSIONS)
    return { basis: 'history', lowMicros: own.low, highMicros: own.high, sessions: own.sessions }
  if (price === null) return { basis: 'unknown', lowMicros: null, highMicros: null, sessions: 0 }
  return { basis: 'typical', lowMicros: costMicros(price, SMALL), highMicros: costMicros(price, LONG), sessions: own?.sessions ?? 0 }
}
