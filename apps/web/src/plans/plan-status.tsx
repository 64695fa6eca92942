'use client'

import { LoaderCircle, TriangleAlert } from 'lucide-react'
import { shortModel } from '@slipway/core/text/short-model'
import { Button } from '../controls/button.tsx'
import { WithCode } from '../controls/with-code.tsx'
import { plural } from '../format/count.ts'
import { formatMoney } from '../format/money.ts'
import { ErrorLine } from '../states/error-state.tsx'
import { planStateOf } from './plan-states.ts'
import type { SectionProps } from './plan-page.tsx'

/** Where the plan stands, what keeps it, and the way out. */
export function PlanStatus({ plan, change, canEdit, mayAct }: SectionProps & { mayAct: boolean }) {
  const state = planStateOf(plan)
  const isBusy = plan.state === 'reading' || plan.state === 'planning'
  const missing = plan.requirements === null ? 'requirements' : plan.tasks === null ? 'tasks' : null
  return (
    <section aria-label="Where the plan stands" className="space-y-2">
      <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className={`flex items-center gap-1.5 font-medium ${state.tone}`}>
          {isBusy && <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" />}
          {state.name}
        </span>
        <span className="text-xs text-muted">
          {shortModel(plan.model)} · {plural(plan.cost.calls, 'call')} · {formatMoney(plan.cost.micros)}
          {plan.cost.isLowerBound && ' at least'}
        </span>
        {isBusy && mayAct && (
          <Button size="sm" className="ml-auto" onClick={() => change.mutate({ kind: 'stop' })}>
            Stop
          </Button>
        )}
      </div>
      {plan.problem !== null && (
        <div
          role={isBusy ? undefined : 'alert'}
          className="flex flex-wrap items-start gap-2 rounded-lg bg-warning-soft px-3 py-2 text-sm text-warning-text"
        >
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <p className="min-w-0 flex-1 break-words">
            <WithCode text={plan.problem} />
          </p>
          {canEdit && missing !== null && (
            <Button size="sm" onClick={() => change.mutate({ kind: 'ask', body: { version: plan.version, for: missing } })}>
              Ask again
            </Button>
          )}
        </div>
      )}
      {change.isError && <ErrorLine error={change.error} />}
    </section>
  )
}
