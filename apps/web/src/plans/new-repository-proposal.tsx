'use client'

import { Button } from '../controls/button.tsx'
import type { SectionProps } from './plan-page.tsx'
import type { Plan } from './use-plans.ts'

type Proposal = NonNullable<Plan['newRepository']>

/** What would be made, in the words that the approval is bound to. */
export function NewRepositoryProposal({
  plan,
  canEdit,
  change,
  proposal,
  onChange,
}: SectionProps & { proposal: Proposal; onChange(): void }) {
  const { effect, state, problem } = proposal
  const make = (): void => change.mutate({ kind: 'repository', body: { version: plan.version, effectHash: effect.hash } })
  return (
    <div className="rounded-lg border border-border bg-surface px-4 py-3">
      <p className="text-sm font-medium break-words">{effect.title}</p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-sm">
        {effect.details.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted first-letter:uppercase">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-xs text-muted">
        {effect.reason} Undone: {effect.reversible}
      </p>
      {problem !== null && (
        <p role="alert" className="mt-2 text-sm break-words text-danger-text">
          {problem}
        </p>
      )}
      {state === 'making' ? (
        <p role="status" className="mt-2 text-sm text-accent-text">
          It is being made.
        </p>
      ) : (
        canEdit && (
          <div className="mt-3 flex flex-wrap gap-2">
            <Button variant="primary" size="sm" aria-busy={change.isPending} onClick={make}>
              {state === 'failed' ? 'Try again' : 'Make it'}
            </Button>
            <Button size="sm" onClick={onChange}>
              Change
            </Button>
          </div>
        )
      )}
    </div>
  )
}
