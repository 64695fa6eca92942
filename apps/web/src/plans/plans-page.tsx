'use client'

import { ListChecks } from 'lucide-react'
import Link from 'next/link'
import { repositoryName } from '../composer/repository-name.ts'
import { buttonClass } from '../controls/button.tsx'
import { formatAgo, formatMoment } from '../format/date.ts'
import { useNow } from '../format/use-now.ts'
import { Page } from '../shell/page.tsx'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { planStateOf } from './plan-states.ts'
import { usePlans, type PlanSummary } from './use-plans.ts'

const MINUTE_MS = 60_000

/** Ideas on their way to sessions. */
export function PlansPage() {
  const plans = usePlans()
  return (
    <Page title="Plans">
      {plans.isError && plans.data === undefined ? (
        <ErrorState error={plans.error} title="The plans could not be read" onRetry={() => void plans.refetch()} />
      ) : plans.data === undefined ? (
        <SkeletonRows label="the plans" />
      ) : plans.data.plans.length === 0 ? (
        <NoPlans />
      ) : (
        <PlanList plans={plans.data.plans} />
      )}
    </Page>
  )
}

function PlanList({ plans }: { plans: PlanSummary[] }) {
  const nowMs = useNow(MINUTE_MS)
  return (
    <ul aria-label="Plans" className="divide-y divide-separator overflow-hidden rounded-lg border border-border bg-surface">
      {plans.map((plan) => (
        <PlanRow key={plan.id} plan={plan} nowMs={nowMs} />
      ))}
    </ul>
  )
}

function PlanRow({ plan, nowMs }: { plan: PlanSummary; nowMs: number }) {
  const state = planStateOf(plan)
  const { tasks, finished } = plan.progress
  return (
    <li className="relative flex items-start gap-3 px-3 py-2.5 hover:bg-surface-secondary">
      <div className="min-w-0 flex-1">
        <Link
          href={`/plans/${plan.id}`}
          prefetch={false}
          className="block truncate text-sm font-medium outline-offset-4 before:absolute before:inset-0"
          title={plan.title}
        >
          {plan.title}
        </Link>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-xs text-muted">
          <span className="min-w-0 truncate">{plan.repository === null ? 'no repository yet' : repositoryName(plan.repository)}</span>
          {tasks > 0 && (
            <>
              <span aria-hidden>·</span>
              <span>{`${finished} of ${tasks} tasks done`}</span>
            </>
          )}
          <span aria-hidden>·</span>
          <time dateTime={plan.createdAt} title={formatMoment(plan.createdAt)}>
            {formatAgo(plan.createdAt, nowMs)}
          </time>
        </p>
      </div>
      <span className={`shrink-0 text-xs font-medium ${state.tone}`}>{state.name}</span>
    </li>
  )
}

function NoPlans() {
  return (
    <EmptyState
      icon={ListChecks}
      title="No plans yet"
      action={
        <Link href="/?focus=composer" prefetch={false} className={buttonClass({ variant: 'primary' })}>
          Write an idea
        </Link>
      }
    >
      An idea becomes requirements, and these become small tasks that you approve one by one or all at once. Write the idea where sessions
      start, then choose “Make a plan”.
    </EmptyState>
  )
}
