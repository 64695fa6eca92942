'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { listBudgets, setBudget } from '@slipway/server/contract/workbench-routes'
import { useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { formatMoney } from '../format/money.ts'
import { preferencesOf, useChangePreferences, useMayAct, useMe } from '../identity/use-me.ts'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { toasts } from '../toasts/toasts.ts'
import { Block, Row, Rows } from './block.tsx'

type Budget = AnswerOf<typeof listBudgets>['budgets'][number]

const PERIODS = { day: 'Each day', month: 'Each month', total: 'In all' }

export function BudgetsSection() {
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: ({ signal }) => call<typeof listBudgets>('GET /budgets', { signal }) })
  if (budgets.isPending) return <SkeletonRows rows={3} label="the budgets" />
  if (budgets.isError) return <ErrorState error={budgets.error} onRetry={() => void budgets.refetch()} />
  const own = budgets.data.budgets.filter(({ scope }) => scope === 'owner')
  const installation = budgets.data.budgets.filter(({ scope }) => scope === 'installation')
  return (
    <>
      <Block title="Your limits" note="When a limit is reached, your sessions pause and ask. Free and scripted models go on.">
        <Rows>
          {(['day', 'month', 'total'] as const).map((period) => (
            <OwnLimit
              key={`${period} ${own.find((budget) => budget.period === period)?.limitMicros}`}
              period={period}
              budget={own.find((budget) => budget.period === period)}
            />
          ))}
        </Rows>
      </Block>
      <SessionLimit />
      {installation.length > 0 && (
        <Block title="This installation" note="For everybody together; set on the server.">
          <Rows>
            {installation.map((budget) => (
              <Row key={budget.period} title={PERIODS[budget.period]} note={<Meter budget={budget} />} />
            ))}
          </Rows>
        </Block>
      )}
    </>
  )
}

function OwnLimit({ period, budget }: { period: Budget['period']; budget: Budget | undefined }) {
  const queries = useQueryClient()
  const mayAct = useMayAct()
  const before = budget === undefined ? '' : String(budget.limitMicros / 1_000_000)
  const [typed, setTyped] = useState(before)
  const save = useMutation({
    mutationFn: (text: string) => call<typeof setBudget>('PUT /budgets', { body: { period, limitUsd: text === '' ? null : Number(text) } }),
    onSuccess: (answer, text) => {
      queries.setQueryData(['budgets'], answer)
      toasts.add({ text: text === '' ? 'Limit removed' : 'Limit saved', undo: () => save.mutate(before) })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(typed)
      }}
    >
      <Row
        title={PERIODS[period]}
        note={save.isError ? <ErrorLine error={save.error} /> : budget === undefined ? 'No limit of your own' : <Meter budget={budget} />}
      >
        <div className="flex items-end gap-2">
          <TextField
            label={`Dollars, ${PERIODS[period].toLowerCase()}`}
            className="w-28 [&_label]:sr-only"
            type="number"
            inputMode="decimal"
            min={0.01}
            step={0.01}
            max={1_000_000}
            placeholder="$ none"
            disabled={!mayAct}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          <Button type="submit" size="sm" className="h-8" disabled={typed === before || !mayAct} aria-busy={save.isPending}>
            Save
          </Button>
        </div>
      </Row>
    </form>
  )
}

/** Spent of the limit, as words and as a bar. */
function Meter({ budget: { limitMicros, spentMicros } }: { budget: Budget }) {
  const share = limitMicros === 0 ? 1 : Math.min(1, spentMicros / limitMicros)
  const tone = share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-warning' : 'bg-accent'
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="h-1.5 w-24 overflow-hidden rounded-full bg-default">
        <span className={`block h-full ${tone}`} style={{ width: `${share * 100}%` }} />
      </span>
      {formatMoney(spentMicros)} of {formatMoney(limitMicros)}
    </span>
  )
}

function SessionLimit() {
  const { data: me } = useMe()
  const change = useChangePreferences()
  const before = preferencesOf(me).budgetUsd
  const [typed, setTyped] = useState(before === undefined ? '' : String(before))
  return (
    <Block title="Each session" note="What the composer begins with.">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ budgetUsd: typed === '' ? undefined : Number(typed) }, { onSuccess: () => toasts.add({ text: 'Saved' }) })
        }}
      >
        <TextField
          label="At most, in dollars"
          className="w-48"
          type="number"
          inputMode="decimal"
          min={0.01}
          step={0.01}
          max={100_000}
          placeholder="the server’s limit"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="submit" aria-busy={change.isPending}>
          Save
        </Button>
      </form>
      {change.isError && <ErrorLine error={change.error} />}
    </Block>
  )
}
