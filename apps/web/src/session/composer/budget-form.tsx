'use client'

import { Button } from '../../controls/button.tsx'
import { Wallet } from 'lucide-react'
import { useId, useState } from 'react'
import { formatMoney } from '../../format/money.ts'
import { ErrorLine } from '../../states/error-state.tsx'
import type { PageView } from '../session-hooks.ts'
import type { OpenAsk } from './ask-dock.tsx'
import { AskActions } from './ask-actions.tsx'
import { AskHead } from './ask-head.tsx'
import { useActions } from './use-actions.ts'

/** The limit is reached: a new one, or the end. */
export function BudgetForm({ ask, cost }: { ask: OpenAsk; cost: PageView['cost'] }) {
  const { answer, isAnswered } = useActions()
  const [limit, setLimit] = useState(() => String(suggestion(cost)))
  const id = useId()
  const usd = Number(limit)
  const isTooLow = !(usd > (cost?.micros ?? 0) / 1_000_000)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!isTooLow) answer.mutate({ askId: ask.askId, decision: 'approve', budgetUsd: usd, effectHash: ask.effect?.hash ?? null })
      }}
    >
      <AskHead icon={Wallet} title={ask.question} expiresAt={ask.expiresAt} />
      {cost !== null && (
        <p className="mb-2 text-xs text-muted">
          {formatMoney(cost.micros)} spent{cost.limitMicros !== null && ` of ${formatMoney(cost.limitMicros)}`}
        </p>
      )}
      {answer.isError && <ErrorLine error={answer.error} />}
      <AskActions>
        <div className="min-w-32 flex-1">
          <label htmlFor={id} className="text-xs text-muted">
            New limit in dollars
          </label>
          <input
            id={id}
            inputMode="decimal"
            value={limit}
            aria-invalid={isTooLow}
            onChange={(event) => setLimit(event.target.value.replace(',', '.'))}
            className="mt-0.5 block h-7 w-32 rounded-md border border-field-border bg-field px-2 text-sm tabular-nums"
          />
        </div>
        <Button size="sm" variant="secondary" disabled={isAnswered} onClick={() => answer.mutate({ askId: ask.askId, decision: 'reject' })}>
          Stop here
        </Button>
        <Button variant="primary" size="sm" type="submit" disabled={isAnswered || isTooLow}>
          Raise the limit
        </Button>
      </AskActions>
      {isTooLow && <p className="mt-1 text-xs text-danger-text">It must be more than what is spent already.</p>}
    </form>
  )
}

/** Twice the limit, as the server does when nothing is named. */
function suggestion(cost: PageView['cost']): number {
  const micros = cost?.limitMicros ?? cost?.micros ?? 0
  return Math.max(0.01, Math.round((micros * 2) / 10_000) / 100)
}
