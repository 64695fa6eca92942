'use client'

import { useSessionView } from '../session-hooks.ts'
import type { PageView } from '../session-hooks.ts'
import { ApprovalForm } from './approval-form.tsx'
import { BudgetForm } from './budget-form.tsx'
import { ContinueForm } from './continue-form.tsx'
import { PlanForm } from './plan-form.tsx'
import { QuestionForm } from './question-form.tsx'

export type OpenAsk = NonNullable<PageView['ask']>

/** The open question, above the composer so that it is never scrolled away. */
export function AskDock() {
  const view = useSessionView().data
  if (view?.ask == null) return null
  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-2 sm:px-5">
      <section
        key={view.ask.askId}
        aria-label="Waits for you"
        aria-live="polite"
        className="max-h-[55dvh] overflow-y-auto rounded-lg border border-border-strong bg-surface px-3 py-2.5 text-sm"
      >
        <Form view={view} ask={view.ask} />
      </section>
    </div>
  )
}

function Form({ view, ask }: { view: PageView; ask: OpenAsk }) {
  switch (ask.kind) {
    case 'plan':
      return <PlanForm ask={ask} plan={view.plan} />
    case 'approval':
      return <ApprovalForm ask={ask} />
    case 'question':
      return <QuestionForm ask={ask} />
    case 'budget':
      return <BudgetForm ask={ask} cost={view.cost} />
    case 'continue':
      return <ContinueForm ask={ask} />
  }
}
