'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { formatCount } from '../format/count.ts'
import { formatDay } from '../format/date.ts'
import { formatDuration } from '../format/duration.ts'
import { formatMoney } from '../format/money.ts'
import { SkeletonBar } from '../states/skeleton.tsx'
import { fillDays, type DayTotals } from './fill-days.ts'
import { measures, type Measure } from './measures.ts'
import { SortableTable } from './sortable-table.tsx'
import { Switch } from './switch.tsx'

const DayChart = dynamic(() => import('./day-chart.tsx').then((module) => module.DayChart), {
  ssr: false,
  loading: () => <SkeletonBar className="h-56 w-full" />,
})

const WEEKS_FROM = 92

/** By day, as bars and as a table. */
export function DaysSection({ byDay, days, nowMs }: { byDay: readonly DayTotals[]; days: number; nowMs: number }) {
  const [chosen, setChosen] = useState<Measure['key']>('money')
  const isByWeek = days > WEEKS_FROM
  // The middle of a week is not to be had from the middles of its days.
  const offered = measures.filter(({ key }) => key !== 'duration' || !isByWeek)
  const measure = offered.find(({ key }) => key === chosen) ?? offered[0]
  if (measure === undefined) return null
  const rows = fillDays(byDay, days, nowMs)
  const nameOf = (day: string): string => formatDay(`${day}T12:00:00Z`, nowMs)
  return (
    <section className="mb-8">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-sm font-medium">{isByWeek ? 'By week' : 'By day'}</h2>
        <Switch<Measure['key']>
          label="What the chart shows"
          options={offered.map(({ key, name }) => ({ value: key, name }))}
          value={measure.key}
          onChange={setChosen}
        />
      </div>
      <div className="rounded-lg border border-border bg-surface p-3">
        {measure.series.length > 1 && (
          <ul className="mb-1 flex flex-wrap gap-x-4 text-xs text-muted">
            {measure.series.map(({ name, colour }) => (
              <li key={name} className="flex items-center gap-1.5">
                <span aria-hidden className="size-2 rounded-[2px]" style={{ background: colour }} />
                {name}
              </li>
            ))}
          </ul>
        )}
        {rows.some((row) => measure.series.some(({ value }) => value(row) > 0)) ? (
          <DayChart days={rows} measure={measure} nameOf={nameOf} />
        ) : (
          <p className="flex h-56 items-center justify-center text-sm text-muted">{measure.nothing}</p>
        )}
      </div>
      <details className="mt-2">
        <summary className="w-fit cursor-pointer rounded px-1 py-1 text-xs text-muted hover:text-foreground">The same as a table</summary>
        <div className="mt-2">
          <SortableTable
            name={isByWeek ? 'Usage by week' : 'Usage by day'}
            rows={rows.filter(({ sessions }) => sessions > 0)}
            keyOf={({ day }) => day}
            order={{ key: 'day', isDescending: true }}
            columns={[
              { key: 'day', name: isByWeek ? 'From' : 'Day (UTC)', value: ({ day }) => day, show: ({ day }) => nameOf(day) },
              { key: 'sessions', name: 'Sessions', value: ({ sessions }) => sessions },
              { key: 'verified', name: 'Verified', value: ({ verified }) => verified },
              { key: 'failed', name: 'Failed', value: ({ failed }) => failed },
              { key: 'input', name: 'Tokens in', value: (row) => row.inputTokens, show: (row) => formatCount(row.inputTokens) },
              { key: 'output', name: 'Tokens out', value: (row) => row.outputTokens, show: (row) => formatCount(row.outputTokens) },
              { key: 'cost', name: 'Cost', value: (row) => row.costMicros, show: (row) => formatMoney(row.costMicros) },
              ...(isByWeek ? [] : [{ key: 'median', name: 'Median', value: medianOf, show: showMedian }]),
            ]}
          />
        </div>
      </details>
    </section>
  )
}

function medianOf({ medianMs }: DayTotals): number | null {
  return medianMs
}

function showMedian({ medianMs }: DayTotals): string {
  return medianMs === null ? '–' : formatDuration(medianMs)
}
