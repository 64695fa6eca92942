import { Check, Circle, CircleDot, Minus } from 'lucide-react'
import type { PlanStep } from '@slipway/core/events'

const ICONS = {
  open: { icon: Circle, class: 'text-muted', label: 'open' },
  active: { icon: CircleDot, class: 'text-accent-text', label: 'in work' },
  done: { icon: Check, class: 'text-success-text', label: 'done' },
  dropped: { icon: Minus, class: 'text-muted', label: 'dropped' },
}

/** The steps of a plan with where they stand. */
export function PlanSteps({ steps }: { steps: readonly PlanStep[] }) {
  return (
    <ol className="space-y-1">
      {steps.map((step, at) => {
        const { icon: Icon, class: colour, label } = ICONS[step.status]
        return (
          <li key={`${at} ${step.title}`} className="flex items-start gap-2">
            <Icon aria-label={label} className={`mt-1 size-3.5 shrink-0 ${colour}`} />
            <span
              className={`min-w-0 break-words ${step.status === 'dropped' ? 'text-muted line-through' : step.status === 'done' ? 'text-muted' : ''}`}
            >
              {step.title}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
