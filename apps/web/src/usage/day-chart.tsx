'use client'

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { DayTotals } from './fill-days.ts'
import type { Measure } from './measures.ts'

interface Props {
  days: readonly DayTotals[]
  measure: Measure
  nameOf(day: string): string
}

const TICK = { fill: 'var(--muted)', fontSize: 11 }

/** Bars by day. Nothing moves: neither when it appears nor when it changes. Its words are in the table below it. */
export function DayChart({ days, measure, nameOf }: Props) {
  const rows = days.map((day) => ({ day: day.day, ...Object.fromEntries(measure.series.map(({ name, value }) => [name, value(day)])) }))
  const most = Math.max(...days.map((day) => measure.series.reduce((sum, { value }) => sum + value(day), 0)))
  return (
    <div aria-hidden className="h-56">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={rows} margin={{ top: 8, right: 4, bottom: 0, left: 0 }} barCategoryGap="20%" accessibilityLayer={false}>
          <CartesianGrid vertical={false} stroke="var(--separator)" />
          <XAxis dataKey="day" tickFormatter={nameOf} tick={TICK} tickLine={false} axisLine={{ stroke: 'var(--border)' }} minTickGap={28} />
          <YAxis
            tickFormatter={(value: number) => measure.formatTick(value, most)}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            width={52}
            allowDecimals={measure.key === 'money'}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--default)', opacity: 0.6 }}
            labelFormatter={(day) => nameOf(String(day))}
            formatter={(value) => measure.format(Number(value))}
            contentStyle={{
              background: 'var(--overlay)',
              border: '1px solid var(--border)',
              borderRadius: 6,
              fontSize: 12,
              padding: '6px 10px',
            }}
            labelStyle={{ color: 'var(--muted)' }}
            itemStyle={{ color: 'var(--foreground)', padding: 0 }}
          />
          {measure.series.map(({ name, colour }) => (
            <Bar key={name} dataKey={name} stackId="all" fill={colour} isAnimationActive={false} maxBarSize={36} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}
