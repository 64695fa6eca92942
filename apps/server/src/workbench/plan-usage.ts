// What the model was paid for a person's plans: no session's log has it, so it is added to what the sessions cost.

import type { Queryable } from '@slipway/store/person-store'

export interface PlanUsage {
  /** UTC. */
  day: string
  model: string
  calls: number
  failedCalls: number
  costMicros: number
  inputTokens: number
  outputTokens: number
}

/** By day and model, the latest day first. `store` shows the person's rows only. */
export async function readPlanUsage(store: Queryable, days: number): Promise<PlanUsage[]> {
  const { rows } = await store.query<PlanUsage>(
    `select to_char(asked_at at time zone 'UTC', 'YYYY-MM-DD') as day, model, count(*)::int as calls,
       count(*) filter (where outcome in ('failed', 'interrupted'))::int as "failedCalls",
       coalesce(sum(cost_micros), 0)::bigint as "costMicros",
       coalesce(sum((usage ->> 'inputTokens')::bigint), 0)::bigint as "inputTokens",
       coalesce(sum((usage ->> 'outputTokens')::bigint), 0)::bigint as "outputTokens"
     from plan_calls where ended_at is not null and asked_at > now() - $1 * interval '1 day'
     group by day, model order by day desc, model`,
    [days],
  )
  return rows
}

type Sums = Pick<PlanUsage, 'costMicros' | 'inputTokens' | 'outputTokens'>

/** The row with the plans' part added. */
export function withPlans<Row extends Sums>(row: Row, plans: readonly PlanUsage[]): Row {
  return plans.reduce(
    (sum, { costMicros, inputTokens, outputTokens }) => ({
      ...sum,
      costMicros: sum.costMicros + costMicros,
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
    }),
    row,
  )
}

/** Each row with the plans' part of it; plans whose row is missing get the one that `empty` makes. */
export function mergePlans<Row extends Sums>(
  rows: readonly Row[],
  plans: readonly PlanUsage[],
  key: (of: Row | PlanUsage) => string,
  empty: (plan: PlanUsage) => Row,
): Row[] {
  const known = new Set(rows.map(key))
  const missing = new Map(plans.filter((plan) => !known.has(key(plan))).map((plan) => [key(plan), empty(plan)]))
  return [...rows, ...missing.values()].map((row) =>
    withPlans(
      row,
      plans.filter((plan) => key(plan) === key(row)),
    ),
  )
}
