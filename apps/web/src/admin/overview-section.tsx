'use client'

import { useQuery } from '@tanstack/react-query'
import type { adminOverview } from '@slipway/server/contract/admin-routes'
import { call, type AnswerOf } from '../api/client.ts'
import { every } from '../api/every.ts'
import { plural } from '../format/count.ts'
import { formatAgo } from '../format/date.ts'
import { formatMoney } from '../format/money.ts'
import { useNow } from '../format/use-now.ts'
import { Block, Row, Rows } from '../settings/block.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Figures } from '../usage/figures.tsx'
import { formatBytes } from './format-bytes.ts'

type Overview = AnswerOf<typeof adminOverview>

const REFRESH_MS = 10_000
const STATUSES = { running: 'Running', waiting: 'Waiting for people', done: 'At rest' }

function useOverview() {
  return useQuery({
    queryKey: ['admin', 'overview'],
    queryFn: ({ signal }) => call<typeof adminOverview>('GET /admin/overview', { signal }),
    refetchInterval: every(REFRESH_MS),
  })
}

/** The queue and its workers, cost and size, over everybody; counts only. */
export function OverviewSection() {
  const nowMs = useNow(REFRESH_MS)
  const overview = useOverview()
  if (overview.data === undefined && overview.isError) return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
  if (overview.data === undefined) return <SkeletonRows rows={4} label="the queue" />
  const { sessions, queue, workers, eventsLastHour, databaseBytes, openStreams, cost } = overview.data
  return (
    <>
      <Block title="Sessions of everybody">
        <Figures
          figures={sessions.map(({ status, sessions: count }) => ({ name: STATUSES[status], value: count.toLocaleString('en-GB') }))}
        />
      </Block>
      <Block title="Queue and workers">
        <Rows>
          <Row
            title="Waiting for a worker"
            note={queue.oldestDueAt === null ? 'Nothing queues' : `the oldest since ${formatAgo(queue.oldestDueAt, nowMs)}`}
          >
            <Value>{queue.due}</Value>
          </Row>
          <Row title="Waiting longest for a person">
            <Value>{queue.oldestWaitingAt === null ? 'none' : formatAgo(queue.oldestWaitingAt, nowMs)}</Value>
          </Row>
          <Row title="Workers at work" note={describeWorkers(workers)}>
            <Value>{workers.length}</Value>
          </Row>
        </Rows>
      </Block>
      <Block title="Today and now">
        <Figures
          figures={[
            { name: 'Cost today', value: formatMoney(cost.todayMicros), note: describeBudget(cost) },
            { name: 'Events in the last hour', value: eventsLastHour.toLocaleString('en-GB') },
            { name: 'Open streams', value: openStreams, note: 'of this process' },
            { name: 'Database', value: formatBytes(databaseBytes) },
          ]}
        />
      </Block>
    </>
  )
}

function Value({ children }: { children: React.ReactNode }) {
  return <span className="text-sm font-medium tabular-nums">{children}</span>
}

function describeWorkers(workers: Overview['workers']): string {
  if (workers.length === 0) return 'A worker shows here while it holds the lease of a session'
  return workers.map(({ id, sessions }) => `${shortWorker(id)}: ${plural(sessions, 'session')}`).join(', ')
}

/** Machine and process; what else is in the name only keeps two of them apart. */
function shortWorker(id: string): string {
  const [, machine, process] = /^([^:/]+)(?::[^/]*)?\/(\d+)\//.exec(id) ?? []
  return machine === undefined || process === undefined ? id : `process ${process} on ${machine}`
}

function describeBudget({ todayMicros, dailyBudgetMicros }: Overview['cost']): string {
  if (dailyBudgetMicros === null) return 'no daily budget'
  const share = dailyBudgetMicros === 0 ? 100 : Math.round((todayMicros / dailyBudgetMicros) * 100)
  return `${share} % of ${formatMoney(dailyBudgetMicros)}`
}

/** What is in force, and which variable of the server changes it. */
export function PoliciesSection() {
  const overview = useOverview()
  if (overview.data === undefined && overview.isError) return <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />
  if (overview.data === undefined) return <SkeletonRows label="the policies" />
  return (
    <Block title="In force" note="Set in the server’s environment; a change counts after a restart.">
      <dl className="divide-y divide-separator rounded-lg border border-border bg-surface">
        {overview.data.policies.map(({ name, value, setting }) => (
          <div key={setting} className="grid gap-x-4 gap-y-0.5 px-3 py-2 sm:grid-cols-[13rem_1fr_auto] sm:items-baseline">
            <dt className="text-sm">{name}</dt>
            <dd className="min-w-0 text-sm break-words text-muted">{value}</dd>
            <dd className="font-mono text-2xs break-all text-muted">{setting}</dd>
          </div>
        ))}
      </dl>
    </Block>
  )
}
