// Limits shared by sessions: of one owner and of the whole installation. A call's worst case is reserved before the call.

import type { Budgets } from '@slipway/core/ports'
import type { Pool } from 'pg'

export type BudgetPeriod = 'day' | 'month' | 'total'

/** Days and months are those of UTC. The installation's `scopeId` is `installation`. */
export interface Budget {
  scope: 'owner' | 'installation'
  scopeId: string
  period: BudgetPeriod
  limitMicros: number
  spentMicros: number
}

export interface StoredBudgets extends Budgets {
  /** Sets or changes a limit; what was spent before in the same period counts. null removes the limit. */
  setLimit(input: { scope: Budget['scope']; scopeId: string; period: BudgetPeriod; limitMicros: number | null }): Promise<void>
  /** Every limit with what was spent in the current period, reservations included. */
  list(): Promise<Budget[]>
}

/** SQL that counts a budget's entries since the start of its current period. */
export const recountBudgets = `update budgets set
  period_start = budget_period_start(period, clock_timestamp()),
  spent_micros = coalesce((
    select sum(micros) from budget_entries
    where at >= budget_period_start(period, clock_timestamp()) and (scope = 'installation' or owner_id = scope_id)), 0)`

export function createBudgets(pool: Pool): StoredBudgets {
  return {
    async reserve({ callId, sessionId, ownerId, micros }) {
      const { rows } = await pool.query<{ scope: string; period: string; limit_micros: number; spent_micros: number }>({
        name: 'reserve-budget',
        // Need not reach the disk by itself: the event that announces the call does, and what was written before goes with it.
        text: `select reserved.* from set_config('synchronous_commit', 'off', true), reserve_budget($1, $2, $3, $4) as reserved`,
        values: [callId, sessionId, ownerId, micros],
      })
      const [full] = rows
      if (full === undefined) return { ok: true }
      return {
        ok: false,
        budget: `${full.scope} per ${full.period}`.replace('per total', 'in total'),
        limitMicros: full.limit_micros,
        spentMicros: full.spent_micros,
      }
    },
    async settle({ callId, spentMicros }) {
      await pool.query({ name: 'settle-budget', text: 'select settle_budget($1, $2)', values: [callId, spentMicros] })
    },
    async setLimit({ scope, scopeId, period, limitMicros }) {
      if (limitMicros === null) {
        await pool.query('delete from budgets where scope = $1 and scope_id = $2 and period = $3', [scope, scopeId, period])
        return
      }
      await pool.query('select set_budget_limit($1, $2, $3, $4)', [scope, scopeId, period, limitMicros])
    },
    async list() {
      const { rows } = await pool.query<Budget>(
        `select scope, scope_id as "scopeId", period, limit_micros as "limitMicros",
           case when period_start < budget_period_start(period, clock_timestamp()) then 0 else spent_micros end as "spentMicros"
         from budgets order by scope, scope_id, period`,
      )
      return rows
    },
  }
}
