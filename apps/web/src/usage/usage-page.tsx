'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { shortModel } from '@slipway/core/text/short-model'
import type { usageBreakdown } from '@slipway/server/contract/workbench-routes'
import { ChartNoAxesColumn } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { repositoryName } from '../composer/repository-name.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/duration.ts'
import { formatMoney } from '../format/money.ts'
import { useNow } from '../format/use-now.ts'
import { Page } from '../shell/page.tsx'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Budgets } from './budgets.tsx'
import { DaysSection } from './days-section.tsx'
import { Figures } from './figures.tsx'
import { SortableTable } from './sortable-table.tsx'
import { Switch } from './switch.tsx'

type Breakdown = AnswerOf<typeof usageBreakdown>

const SPANS = [
  { value: '7', name: '7 days' },
  { value: '31', name: '31 days' },
  { value: '90', name: '90 days' },
  { value: '366', name: 'A year' },
] as const
type Span = (typeof SPANS)[number]['value']
const HOUR_MS = 3_600_000

/** What one's sessions cost and came to, and the limits that hold them. */
export function UsagePage() {
  const [span, setSpan] = useSpan()
  const usage = useQuery({
    queryKey: ['usage', span],
    queryFn: ({ signal }) => call<typeof usageBreakdown>('GET /usage/breakdown', { query: { days: Number(span) }, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <Page title="Usage">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
        <p className="text-xs text-muted">Of your sessions, by the day they began.</p>
        <Switch label="Time span" options={SPANS} value={span} onChange={setSpan} />
      </div>
      {usage.isError && usage.data === undefined ? (
        <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />
      ) : usage.data === undefined ? (
        <SkeletonRows label="your usage" />
      ) : usage.data.total.sessions === 0 ? (
        <EmptyState icon={ChartNoAxesColumn} title="No sessions in this time">
          Once sessions ran, their cost, tokens, success and duration are added up here by day, repository and model.
        </EmptyState>
      ) : (
        <Breakdowns usage={usage.data} days={Number(span)} />
      )}
      <Budgets />
    </Page>
  )
}

/** In the address, so that a reload keeps it. */
function useSpan(): [Span, (span: Span) => void] {
  const [span, setSpan] = useState<Span>('31')
  useEffect(() => {
    const asked = new URLSearchParams(window.location.search).get('days')
    const known = SPANS.find(({ value }) => value === asked)
    if (known !== undefined) setSpan(known.value)
  }, [])
  return [
    span,
    (next) => {
      setSpan(next)
      window.history.replaceState(null, '', `/usage?days=${next}`)
    },
  ]
}

function Breakdowns({ usage: { total, byDay, byRepository, byModel }, days }: { usage: Breakdown; days: number }) {
  const nowMs = useNow(HOUR_MS)
  return (
    <>
      <Figures
        className="mb-6"
        figures={[
          { name: 'Cost', value: formatMoney(total.costMicros) },
          {
            name: 'Tokens',
            value: formatCount(total.inputTokens + total.outputTokens),
            note: `${formatCount(total.inputTokens)} in, ${formatCount(total.outputTokens)} out`,
          },
          { name: 'Sessions', value: total.sessions.toLocaleString('en-GB') },
          {
            name: 'Verified',
            value: percent(total.verified, total.sessions),
            note: `${total.verified} of ${total.sessions}, ${total.failed} failed`,
          },
          { name: 'Median duration', value: total.medianMs === null ? '–' : formatDuration(total.medianMs), note: 'of those that ended' },
        ]}
      />
      <DaysSection byDay={byDay} days={days} nowMs={nowMs} />
      <section className="mb-8">
        <h2 className="mb-2 text-sm font-medium">By repository</h2>
        <SortableTable
          name="Usage by repository"
          rows={byRepository}
          keyOf={({ repository }) => repository}
          order={{ key: 'cost', isDescending: true }}
          columns={[
            { key: 'repository', name: 'Repository', value: ({ repository }) => repositoryName(repository) },
            { key: 'cost', name: 'Cost', value: (row) => row.costMicros, show: (row) => formatMoney(row.costMicros) },
            { key: 'sessions', name: 'Sessions', value: ({ sessions }) => sessions },
            {
              key: 'verified',
              name: 'Verified',
              value: (row) => row.verified / row.sessions,
              show: (row) => percent(row.verified, row.sessions),
            },
            { key: 'failed', name: 'Failed', value: ({ failed }) => failed },
            {
              key: 'median',
              name: 'Median',
              value: (row) => row.medianMs,
              show: (row) => (row.medianMs === null ? '–' : formatDuration(row.medianMs)),
            },
            { key: 'tokens', name: 'Tokens', value: (row) => tokensOf(row), show: (row) => formatCount(tokensOf(row)) },
          ]}
        />
      </section>
      {byModel.length > 0 && (
        <section className="mb-8">
          <h2 className="mb-2 text-sm font-medium">By model</h2>
          <SortableTable
            name="Usage by model"
            rows={byModel}
            keyOf={({ model }) => model}
            order={{ key: 'cost', isDescending: true }}
            columns={[
              { key: 'model', name: 'Model', value: ({ model }) => shortModel(model) },
              { key: 'cost', name: 'Cost', value: (row) => row.costMicros, show: (row) => formatMoney(row.costMicros) },
              { key: 'sessions', name: 'Sessions', value: ({ sessions }) => sessions },
              {
                key: 'verified',
                name: 'Verified',
                value: (row) => (row.sessions === 0 ? null : row.verified / row.sessions),
                show: (row) => percent(row.verified, row.sessions),
              },
              { key: 'failed', name: 'Failed', value: ({ failed }) => failed },
              {
                key: 'median',
                name: 'Median',
                value: (row) => row.medianMs,
                show: (row) => (row.medianMs === null ? '–' : formatDuration(row.medianMs)),
              },
              { key: 'calls', name: 'Calls', value: ({ calls }) => calls },
              { key: 'failedCalls', name: 'Calls failed', value: ({ failedCalls }) => failedCalls },
              {
                key: 'tokens',
                name: 'Tokens',
                value: (row) => tokensOf(row),
                show: (row) => `${formatCount(row.inputTokens)} in, ${formatCount(row.outputTokens)} out`,
              },
            ]}
          />
        </section>
      )}
    </>
  )
}

function tokensOf({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): number {
  return inputTokens + outputTokens
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`
}
