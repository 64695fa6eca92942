// What the model does for plans: who is at it, which calls were made, and how an answer becomes a part of the plan.

import type { Pool, PoolClient } from 'pg'
import type { Queryable } from './person-store.ts'
import { planColumns, type PlanRow } from './plans.ts'
import { storableJson, storableText } from './storable-text.ts'

export interface PlanCall {
  callId: string
  planId: string
  ownerId: string
  asked: NonNullable<PlanRow['asked']>
  round: number
  attempt: number
  model: string
  reservedMicros: number
  endedAt: string | null
  outcome: 'answered' | 'unusable' | 'failed' | 'interrupted' | null
  kind: string | null
  message: string | null
  answer: unknown
  retryAt: string | null
  usage: unknown
  costMicros: number | null
}

export type CallEnd = Pick<PlanCall, 'callId' | 'costMicros'> & {
  outcome: NonNullable<PlanCall['outcome']>
  kind?: string | null
  message?: string | null
  answer?: unknown
  retryAt?: string | null
  usage?: unknown
}

export interface PlanWork {
  /** The plan that the model owes something and that has been due for longest, for `leaseMs`; null: there is none. */
  claim(input: { leaseMs: number }): Promise<PlanRow | null>
  /** False: another process has it, or a person took the question back. */
  renew(plan: PlanRow, leaseMs: number): Promise<boolean>
  /** Announces a call. False: as for `renew`; then it must not be made. */
  begin(plan: PlanRow, call: Pick<PlanCall, 'callId' | 'attempt' | 'model' | 'reservedMicros'>): Promise<boolean>
  /** Ends a call and settles what it cost; also when the plan was lost meanwhile. */
  end(call: CallEnd): Promise<void>
  /** Ends the call with its answer, which becomes a part of the plan in the same moment. False: the plan was lost, only the call is ended. */
  store(plan: PlanRow, call: CallEnd, change: { title?: string; requirements: unknown } | { tasks: unknown }): Promise<boolean>
  /** To be gone on with later. */
  postpone(plan: PlanRow, input: { afterMs: number; problem: string }): Promise<void>
  /** The model does not come to an end with it; what was typed stays, and the reason is shown. */
  fail(plan: PlanRow, problem: string): Promise<void>
}

const callColumns = `call_id as "callId", plan_id as "planId", owner_id as "ownerId", asked, round, attempt, model, reserved_micros as "reservedMicros",
  ended_at as "endedAt", outcome, kind, message, answer, retry_at as "retryAt", usage, cost_micros as "costMicros"`

/** Oldest first. */
export async function callsOfPlans(database: Queryable, planIds: string[]): Promise<PlanCall[]> {
  return (
    await database.query<PlanCall>(`select ${callColumns} from plan_calls where plan_id = any($1) order by asked_at, call_id`, [planIds])
  ).rows
}

export function createPlanWork(pool: Pool): PlanWork {
  const mine = 'id = $1 and fence = $2 and asked is not null and dropped_at is null'

  return {
    async claim({ leaseMs }) {
      const { rows } = await pool.query<PlanRow>(
        `update plans set fence = fence + 1, due_at = clock_timestamp() + $1 * interval '1 ms'
         where id = (
           select id from plans where asked is not null and dropped_at is null and due_at <= clock_timestamp()
           order by due_at limit 1 for update skip locked)
         returning ${planColumns}`,
        [leaseMs],
      )
      return rows[0] ?? null
    },
    async renew({ id, fence }, leaseMs) {
      const { rowCount } = await pool.query(`update plans set due_at = clock_timestamp() + $3 * interval '1 ms' where ${mine}`, [
        id,
        fence,
        leaseMs,
      ])
      return rowCount === 1
    },
    async begin({ id, ownerId, fence, asked, round }, call) {
      const { rowCount } = await pool.query(
        `insert into plan_calls (call_id, plan_id, owner_id, asked, round, attempt, model, reserved_micros)
         select $3, id, $4, $5, $6, $7, $8, $9 from plans where ${mine} for update`,
        [id, fence, call.callId, ownerId, asked, round, call.attempt, call.model, call.reservedMicros],
      )
      return rowCount === 1
    },
    end: (call) => inTransaction(pool, (client) => endCall(client, call)),
    store: ({ id, fence }, call, change) =>
      inTransaction(pool, async (client) => {
        const sets =
          'tasks' in change
            ? { text: 'tasks = $3', values: [storableJson(change.tasks).json] }
            : {
                text: 'requirements = $3, title = coalesce($4, title)',
                values: [storableJson(change.requirements).json, change.title === undefined ? null : storableText(change.title)],
              }
        const { rowCount } = await client.query(
          `update plans set ${sets.text}, asked = null, wish = null, problem = null, version = version + 1, updated_at = clock_timestamp() where ${mine}`,
          [id, fence, ...sets.values],
        )
        await endCall(client, call)
        return rowCount === 1
      }),
    async postpone({ id, fence }, { afterMs, problem }) {
      await pool.query(`update plans set due_at = clock_timestamp() + $3 * interval '1 ms', problem = $4 where ${mine}`, [
        id,
        fence,
        afterMs,
        storableText(problem),
      ])
    },
    async fail({ id, fence }, problem) {
      await pool.query(`update plans set asked = null, problem = $3, version = version + 1, updated_at = clock_timestamp() where ${mine}`, [
        id,
        fence,
        storableText(problem),
      ])
    },
  }
}

/** A call is ended once: whoever comes later changes nothing. */
async function endCall(client: PoolClient, call: CallEnd): Promise<void> {
  const { rowCount } = await client.query(
    `update plan_calls set ended_at = clock_timestamp(), outcome = $2, kind = $3, message = $4, answer = $5, retry_at = $6, usage = $7, cost_micros = $8
     where call_id = $1 and ended_at is null`,
    [
      call.callId,
      call.outcome,
      call.kind ?? null,
      call.message === undefined || call.message === null ? null : storableText(call.message),
      call.answer === undefined ? null : storableJson(call.answer).json,
      call.retryAt ?? null,
      call.usage === undefined ? null : storableJson(call.usage).json,
      call.costMicros,
    ],
  )
  if (rowCount === 1) await client.query('select settle_budget($1, $2)', [call.callId, call.costMicros ?? 0])
}

async function inTransaction<Value>(pool: Pool, run: (client: PoolClient) => Promise<Value>): Promise<Value> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const value = await run(client)
    await client.query('commit')
    client.release()
    return value
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    )
    throw error
  }
}
