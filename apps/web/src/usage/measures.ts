import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/duration.ts'
import { formatMoney, formatMoneyTick } from '../format/money.ts'
import type { DayTotals } from './fill-days.ts'

interface Series {
  name: string
  colour: string
  value(day: DayTotals): number
}

export interface Measure {
  key: 'money' | 'tokens' | 'sessions' | 'duration'
  name: string
  series: readonly Series[]
  format(value: number): string
  /** Beside the axis, whose largest value is `most`. */
  formatTick(value: number, most: number): string
  /** Where all of it is zero. */
  nothing: string
}

/** What the chart can show; colours are the theme's, so they follow it. */
export const measures: readonly Measure[] = [
  {
    key: 'money',
    nothing: 'Nothing was paid for in this time.',
    name: 'Money',
    series: [{ name: 'Cost', colour: 'var(--accent)', value: ({ costMicros }) => costMicros }],
    format: formatMoney,
    formatTick: formatMoneyTick,
  },
  {
    key: 'tokens',
    nothing: 'No tokens were counted in this time.',
    name: 'Tokens',
    series: [
      { name: 'In', colour: 'var(--accent)', value: ({ inputTokens }) => inputTokens },
      { name: 'Out', colour: 'var(--success)', value: ({ outputTokens }) => outputTokens },
    ],
    format: formatCount,
    formatTick: formatCount,
  },
  {
    key: 'sessions',
    nothing: 'No sessions in this time.',
    name: 'Sessions',
    series: [
      { name: 'Verified', colour: 'var(--success)', value: ({ verified }) => verified },
      { name: 'Failed', colour: 'var(--danger)', value: ({ failed }) => failed },
      { name: 'Other', colour: 'var(--border-strong)', value: ({ sessions, verified, failed }) => sessions - verified - failed },
    ],
    format: (value) => value.toLocaleString('en-GB'),
    formatTick: (value) => value.toLocaleString('en-GB'),
  },
  {
    key: 'duration',
    nothing: 'No session ended in this time.',
    name: 'Duration',
    series: [{ name: 'Median', colour: 'var(--accent)', value: ({ medianMs }) => medianMs ?? 0 }],
    format: formatDuration,
    formatTick: formatDuration,
  },
]
