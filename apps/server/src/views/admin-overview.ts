// How the whole installation is: read across all owners, so it must stay at counts and moments.

import type { Store } from '@slipway/store/store'
import type { z } from 'zod'
import { signUpRule } from '../auth/sign-up-rule.ts'
import type { adminOverview } from '../contract/admin-routes.ts'
import type { Settings } from '../settings.ts'
import { countSessions } from './installation-usage.ts'

export type AdminOverview = z.infer<(typeof adminOverview)['answer']>
type Pool = Store['database']['pool']

const MEGABYTE = 1024 * 1024
const STATUSES = ['running', 'waiting', 'done'] as const

/** `openStreams` is what this process counts itself. */
export async function readOverview(
  { database: { pool }, budgets }: Pick<Store, 'database' | 'budgets'>,
  settings: Settings,
  openStreams: number,
): Promise<AdminOverview> {
  const [counts, queue, workers, activity, spentMicros, limits] = await Promise.all([
    countSessions(pool),
    readQueue(pool),
    readWorkers(pool),
    readActivity(pool),
    readSpentToday(pool),
    budgets.list(),
  ])
  const daily = limits.find(({ scope, period }) => scope === 'installation' && period === 'day')
  return {
    sessions: STATUSES.map((status) => ({ status, sessions: counts[status] ?? 0 })),
    queue,
    workers,
    ...activity,
    openStreams,
    cost: { todayMicros: spentMicros, dailyBudgetMicros: daily?.limitMicros ?? null },
    policies: policiesOf(settings),
  }
}

async function readQueue(pool: Pool): Promise<AdminOverview['queue']> {
  const { rows } = await pool.query<{ due: number; oldestDueAt: Date | string | null; oldestWaitingAt: Date | string | null }>(
    `select count(*) filter (where is_due)::int as due,
       min(wake_at) filter (where is_due) as "oldestDueAt",
       min(updated_at) filter (where status = 'waiting') as "oldestWaitingAt"
     from (select *, wake_at <= now() and (lease_until is null or lease_until < now()) as is_due from sessions) all_sessions`,
  )
  const [row] = rows
  return { due: row?.due ?? 0, oldestDueAt: toIso(row?.oldestDueAt), oldestWaitingAt: toIso(row?.oldestWaitingAt) }
}

async function readWorkers(pool: Pool): Promise<AdminOverview['workers']> {
  const { rows } = await pool.query<{ id: string; sessions: number }>(
    `select lease_worker as id, count(*)::int as sessions from sessions
     where lease_until > now() and lease_worker is not null group by lease_worker order by lease_worker`,
  )
  return rows
}

/** Events are found by way of the sessions that changed, because they have no index by time. */
async function readActivity(pool: Pool): Promise<Pick<AdminOverview, 'eventsLastHour' | 'databaseBytes'>> {
  const { rows } = await pool.query<{ events: number; bytes: string | number }>(
    `select (select count(*) from sessions s join events e on e.session_id = s.id
       where s.updated_at > now() - interval '1 hour' and e.at > now() - interval '1 hour')::int as events,
     pg_database_size(current_database()) as bytes`,
  )
  return { eventsLastHour: rows[0]?.events ?? 0, databaseBytes: Number(rows[0]?.bytes ?? 0) }
}

async function readSpentToday(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ micros: string | number }>(
    `select coalesce(sum(micros), 0)::bigint as micros from budget_entries where at >= budget_period_start('day', now())`,
  )
  return Number(rows[0]?.micros ?? 0)
}

/** What is in force, in words, each with the variable that changes it. */
export function policiesOf(settings: Settings): AdminOverview['policies'] {
  const { egress, sandbox, limits, worker } = settings
  const policy = (name: string, value: string, setting: string) => ({ name, value, setting })
  return [
    policy('Who may sign in', describeSignUp(settings), 'SLIPWAY_SIGN_UP'),
    policy('Hosts for the agent', egress.agent.allow.join(', ') || 'none', 'SLIPWAY_EGRESS_ALLOW'),
    policy(
      'Hosts during set-up',
      egress.setup === null ? 'the usual package registries' : egress.setup.allow.join(', ') || 'none',
      'SLIPWAY_EGRESS_SETUP_ALLOW',
    ),
    policy('Private addresses', egress.allowPrivate.join(', ') || 'none', 'SLIPWAY_EGRESS_ALLOW_PRIVATE'),
    policy('Upload from a sandbox', `${Math.round(egress.agent.uploadLimitBytes / MEGABYTE)} MB`, 'SLIPWAY_EGRESS_UPLOAD_MB'),
    policy('Sandbox', sandbox.backend ?? 'the strongest that works here', 'SLIPWAY_SANDBOX'),
    policy('Memory of a sandbox', `${sandbox.limits.memoryBytes / MEGABYTE} MB`, 'SLIPWAY_SANDBOX_MEMORY_MB'),
    policy('Processors of a sandbox', String(sandbox.limits.cpus), 'SLIPWAY_SANDBOX_CPUS'),
    policy('Processes of a sandbox', String(sandbox.limits.processes), 'SLIPWAY_SANDBOX_PROCESSES'),
    policy('Disk of a sandbox', `${sandbox.limits.diskBytes / MEGABYTE} MB`, 'SLIPWAY_SANDBOX_DISK_MB'),
    policy('Budget of a session', dollars(limits.budgetMicros), 'SLIPWAY_SESSION_BUDGET_USD'),
    policy('Budget of a day, all together', dollars(settings.dailyBudgetMicros), 'SLIPWAY_DAILY_BUDGET_USD'),
    policy('Sessions of one worker at a time', String(worker.sessions), 'SLIPWAY_WORKER_SESSIONS'),
  ]
}

function describeSignUp(settings: Settings): string {
  const rule = signUpRule(settings)
  switch (rule.kind) {
    case 'open':
      return 'everybody who reaches this server'
    case 'invited':
      return 'only who was invited'
    case 'domains':
      return `who was invited, and addresses at ${rule.domains.join(', ')}`
  }
}

function dollars(micros: number | null): string {
  return micros === null ? 'none' : `$${(micros / 1_000_000).toFixed(2)}`
}

function toIso(at: Date | string | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString()
}
