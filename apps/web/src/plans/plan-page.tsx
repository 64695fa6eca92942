'use client'

import { SearchX, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { useMayAct } from '../identity/use-me.ts'
import { usePlanId } from '../routing/use-session-id.ts'
import { Page } from '../shell/page.tsx'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { IdeaSection } from './idea-section.tsx'
import { NotionSection } from './notion-section.tsx'
import { PlanStatus } from './plan-status.tsx'
import { RepositorySection } from './repository-section.tsx'
import { RequirementsSection } from './requirements-section.tsx'
import { TasksSection } from './tasks-section.tsx'
import { useChangePlan, useDropPlan, usePlan, type Plan } from './use-plans.ts'

/** One plan: the idea, its requirements, its tasks and what became of them. */
export function PlanPage() {
  const id = usePlanId()
  const plan = usePlan(id)
  const mayAct = useMayAct()
  return (
    <Page title={plan.data?.title ?? 'Plan'} actions={plan.data !== undefined && mayAct ? <DropPlan plan={plan.data} /> : undefined}>
      {plan.isError && plan.data === undefined ? (
        <NoPlan error={plan.error} onRetry={() => void plan.refetch()} />
      ) : plan.data === undefined ? (
        <SkeletonRows label="the plan" />
      ) : (
        <Content key={plan.data.id} plan={plan.data} mayAct={mayAct} />
      )}
    </Page>
  )
}

/** The plan cannot be shown: it is not there, or the server could not say. */
function NoPlan({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const isGone = error instanceof ApiProblem && error.status === 404
  if (!isGone) return <ErrorState error={error} title="The plan could not be read" onRetry={onRetry} />
  return (
    <EmptyState
      icon={SearchX}
      title="There is no such plan"
      action={
        <Link href="/plans" className="text-sm font-medium text-accent-text hover:underline">
          Go to your plans
        </Link>
      }
    >
      The address may be mistyped, or the plan belongs to somebody else.
    </EmptyState>
  )
}

export interface SectionProps {
  plan: Plan
  /** Viewers look; nothing changes either while the model is at work or when the plan was dropped. */
  canEdit: boolean
  change: ReturnType<typeof useChangePlan>
}

function Content({ plan, mayAct }: { plan: Plan; mayAct: boolean }) {
  const change = useChangePlan(plan.id)
  const isBusy = plan.state === 'reading' || plan.state === 'planning'
  const section: SectionProps = { plan, change, canEdit: mayAct && !isBusy && plan.state !== 'dropped' }
  return (
    <div className="space-y-8">
      <PlanStatus {...section} mayAct={mayAct} />
      <IdeaSection plan={plan} />
      <RequirementsSection {...section} />
      <RepositorySection {...section} />
      {plan.requirements !== null && <TasksSection {...section} />}
      {plan.tasks !== null && <NotionSection {...section} />}
    </div>
  )
}

function DropPlan({ plan }: { plan: Plan }) {
  const [isAsking, setAsking] = useState(false)
  const router = useRouter()
  const drop = useDropPlan(plan.id, () => router.push('/plans'))
  if (plan.state === 'dropped') return null
  return (
    <>
      <Button size="sm" variant="ghost" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden />
        Drop
      </Button>
      {isAsking && (
        <Dialog
          title="Drop this plan?"
          width="sm"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button variant="danger" aria-busy={drop.isPending} onClick={() => drop.mutate()}>
                Drop the plan
              </Button>
            </>
          }
        >
          <p className="text-sm">Nothing more is started for it. Sessions that have begun, and rows in Notion, stay.</p>
          {drop.isError && <ErrorLine error={drop.error} />}
        </Dialog>
      )}
    </>
  )
}
