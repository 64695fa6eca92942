'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { listBudgets, setBudget } from '@slipway/server/contract/workbench-routes'
import { useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { formatMoney } from '../format/money.ts'
import { useMayAct } from '../identity/use-me.ts'
import { Row, Rows } from '../settings/block.tsx'
import { ErrorState, messageOf } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { toasts } from '../toasts/toasts.ts'
import { readDollars } from './read-dollars.ts'

type Budget = AnswerOf<typeof listBudgets>['budgets'][number]

const PERIODS = { day: 'Each day', month: 'Each month', total: 'In all' }
const NEAR = 0.8

/** Limits and how close they are; one's own can be changed here. */
export function Budgets({ title = 'Budgets' }: { title?: string }) {
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: ({ signal }) => call<typeof listBudgets>('GET /budgets', { signal }) })
  return (
    <section className="mb-8">
      <h2 className="text-sm font-medium">{title}</h2>
      <p className="mt-0.5 mb-2 text-xs text-muted">
        At a limit, your sessions pause and ask. What running calls hold back counts as spent. Days and months are those of UTC.
      </p>
      {budgets.isPending ? (
        <SkeletonRows rows={3} label="the budgets" />
      ) : budgets.isError ? (
        <ErrorState error={budgets.error} onRetry={() => void budgets.refetch()} />
      ) : (
        <Rows>
          {(['day', 'month', 'total'] as const).map((period) => {
            const own = budgets.data.budgets.find((budget) => budget.scope === 'owner' && budget.period === period)
            return <OwnLimit key={`${period} ${own?.limitMicros}`} period={period} budget={own} />
          })}
          {budgets.data.budgets
            .filter(({ scope }) => scope === 'installation')
            .map((budget) => (
              <Row
                key={budget.period}
                title={`The whole installation, ${PERIODS[budget.period].toLowerCase()}`}
                note={
                  <>
                    <Meter budget={budget} />
                    {budget.period === 'day' && (
                      <span className="mt-1 block">
                        Set on the server by <code className="font-mono text-2xs">SLIPWAY_DAILY_BUDGET_USD</code>
                      </span>
                    )}
                  </>
                }
              />
            ))}
        </Rows>
      )}
    </section>
  )
}

function OwnLimit({ period, budget }: { period: Budget['period']; budget: Budget | undefined }) {
  const queries = useQueryClient()
  const mayAct = useMayAct()
  const before = budget === undefined ? null : budget.limitMicros / 1_000_000
  const [typed, setTyped] = useState(before === null ? '' : String(before))
  const [problem, setProblem] = useState<string | null>(null)
  const save = useMutation({
    mutationFn: (limitUsd: number | null) => call<typeof setBudget>('PUT /budgets', { body: { period, limitUsd } }),
    onSuccess: (answer, limitUsd) => {
      queries.setQueryData(['budgets'], answer)
      toasts.add({ text: limitUsd === null ? 'Limit removed' : 'Limit saved', undo: () => save.mutate(before) })
    },
    onError: (error) => setProblem(messageOf(error)),
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const read = readDollars(typed)
        setProblem(read.ok ? null : read.message)
        if (read.ok) save.mutate(read.dollars)
      }}
    >
      <Row
        title={`Yours, ${PERIODS[period].toLowerCase()}`}
        note={budget === undefined ? 'No limit of your own' : <Meter budget={budget} />}
      >
        {mayAct && (
          <div className="flex flex-wrap items-start gap-2">
            <Button
              variant="ghost"
              className={before === null ? 'hidden' : 'max-sm:order-last'}
              aria-label={`Remove your limit, ${PERIODS[period].toLowerCase()}`}
              onClick={() => save.mutate(null)}
            >
              Remove
            </Button>
            <TextField
              label={`Your limit in dollars, ${PERIODS[period].toLowerCase()}`}
              className="w-32 [&_label]:sr-only"
              inputMode="decimal"
              placeholder="$ no limit"
              value={typed}
              error={problem}
              onChange={({ target }) => {
                setTyped(target.value)
                setProblem(null)
              }}
            />
            <Button type="submit" disabled={typed === (before === null ? '' : String(before))} aria-busy={save.isPending}>
              Save
            </Button>
          </div>
        )}
      </Row>
    </form>
  )
}

/** Spent of a limit, as words and as a bar. */
function Meter({ budget: { limitMicros, spentMicros } }: { budget: Budget }) {
  const share = limitMicros === 0 ? 1 : Math.min(1, spentMicros / limitMicros)
  const [bar, word] = share >= 1 ? ['bg-danger', 'reached'] : share >= NEAR ? ['bg-warning', 'nearly reached'] : ['bg-accent', null]
  return (
    <span className="flex flex-wrap items-center gap-x-2 tabular-nums">
      <span aria-hidden className="h-1.5 w-28 overflow-hidden rounded-full bg-default">
        <span className={`block h-full ${bar}`} style={{ width: `${share * 100}%` }} />
      </span>
      {formatMoney(spentMicros)} of {formatMoney(limitMicros)}
      {word !== null && <span className={share >= 1 ? 'text-danger-text' : 'text-warning-text'}>{word}</span>}
    </span>
  )
}
