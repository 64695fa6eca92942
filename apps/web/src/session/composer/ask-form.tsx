'use client'

import type { PageView } from '../session-hooks.ts'
import { ApprovalForm } from './approval-form.tsx'
import type { OpenAsk } from './ask-dock.tsx'
import { BudgetForm } from './budget-form.tsx'
import { ContinueForm } from './continue-form.tsx'
import { PlanForm } from './plan-form.tsx'
import { QuestionForm } from './question-form.tsx'

/** What is asked, and the ways to answer it. */
export function AskForm({ view, ask }: { view: PageView; ask: OpenAsk }) {
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
