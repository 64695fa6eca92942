// Money, tokens, sessions, success and duration of a person's sessions; money and tokens with those of their plans.

import type { z } from 'zod'
import type { Queryable } from '@slipway/store/person-store'
import type { usageBreakdown } from '../contract/workbench-routes.ts'
import { mergePlans, type PlanUsage, readPlanUsage, withPlans } from './plan-usage.ts'

type Breakdown = z.infer<(typeof usageBreakdown)['answer']>

const tokens = `coalesce(sum(tokens.input), 0)::bigint as "inputTokens", coalesce(sum(tokens.output), 0)::bigint as "outputTokens"`
const totals = `count(*)::int as sessions, count(*) filter (where outcome in ('verified', 'partly-verified'))::int as verified,
  count(*) filter (where outcome = 'failed')::int as failed, coalesce(sum(cost_micros), 0)::bigint as "costMicros", ${tokens}`
const medianMs = `(percentile_cont(0.5) within group (order by extract(epoch from updated_at - created_at) * 1000)
  filter (where status = 'done'))::bigint as "medianMs"`
/** The sessions that began in the last $1 days, with the tokens of their calls. */
const recent = `with recent as (select * from sessions where created_at > now() - $1 * interval '1 day'),
  calls as (
    select e.session_id, e.type, e.body from events e join recent on recent.id = e.session_id
    where e.type in ('model-requested', 'model-responded', 'model-failed')),
  tokens as (
    select session_id, sum((body -> 'usage' ->> 'inputTokens')::bigint) as input, sum((body -> 'usage' ->> 'outputTokens')::bigint) as output
    from calls where type <> 'model-requested' group by session_id),
  told as (select recent.*, tokens.input, tokens.output from recent left join tokens on tokens.session_id = recent.id)`

/** `store` shows the person's rows only. */
export async function readBreakdown(store: Queryable, days: number): Promise<Breakdown> {
  const [plans, total, byDay, byRepository, byModel] = await Promise.all([
    readPlanUsage(store, days),
    store.query<Breakdown['total']>(`${recent} select ${totals}, ${medianMs} from told tokens`, [days]),
    store.query<Breakdown['byDay'][number]>(
      `${recent} select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, ${totals}, ${medianMs} from told tokens group by day order by day`,
      [days],
    ),
    store.query<Breakdown['byRepository'][number]>(
      `${recent} select repository_url as repository, ${totals}, ${medianMs} from told tokens group by repository order by "costMicros" desc, sessions desc limit 50`,
      [days],
    ),
    store.query<Breakdown['byModel'][number]>(
      `${recent},
       answers as (
         select asked.session_id, asked.body ->> 'model' as model, answered.type, answered.body
         from calls asked join calls answered on answered.session_id = asked.session_id and answered.type <> 'model-requested'
           and answered.body ->> 'callId' = asked.body ->> 'callId'
         where asked.type = 'model-requested'),
       spent as (
         select model, count(*)::int as calls, count(*) filter (where type = 'model-failed')::int as "failedCalls",
           coalesce(sum((body ->> 'costMicros')::bigint), 0)::bigint as "costMicros",
           coalesce(sum((body -> 'usage' ->> 'inputTokens')::bigint), 0)::bigint as "inputTokens",
           coalesce(sum((body -> 'usage' ->> 'outputTokens')::bigint), 0)::bigint as "outputTokens"
         from answers group by model),
       came as (
         select model, count(*)::int as sessions, count(*) filter (where outcome in ('verified', 'partly-verified'))::int as verified,
           count(*) filter (where outcome = 'failed')::int as failed, ${medianMs}
         from (select distinct session_id, model from answers) used join recent on recent.id = used.session_id group by model)
       select * from spent join came using (model) order by "costMicros" desc, calls desc limit 50`,
      [days],
    ),
  ])
  const [first] = total.rows
  if (first === undefined) throw new Error('a sum has one row')
  return {
    total: withPlans(first, plans),
    byDay: mergePlans(byDay.rows, plans, dayOf, ({ day }) => ({ day, ...nothing })).sort((a, b) => a.day.localeCompare(b.day)),
    byRepository: byRepository.rows,
    byModel: byModelWithPlans(byModel.rows, plans),
  }
}

const nothing = { sessions: 0, verified: 0, failed: 0, costMicros: 0, inputTokens: 0, outputTokens: 0, medianMs: null }
const dayOf = ({ day }: { day: string }): string => day

function byModelWithPlans(rows: Breakdown['byModel'], plans: readonly PlanUsage[]): Breakdown['byModel'] {
  const empty = ({ model }: PlanUsage) => ({ model, calls: 0, failedCalls: 0, ...nothing })
  return mergePlans(rows, plans, ({ model }) => model, empty)
    .map((row) => {
      const own = plans.filter(({ model }) => model === row.model)
      return {
        ...row,
        calls: own.reduce((sum, { calls }) => sum + calls, row.calls),
        failedCalls: own.reduce((sum, { failedCalls }) => sum + failedCalls, row.failedCalls),
      }
    })
    .sort((a, b) => b.costMicros - a.costMicros || b.calls - a.calls)
}
