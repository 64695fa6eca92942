import { formatMoney } from '../format/money.ts'
import type { Plan } from './use-plans.ts'

type Estimate = Plan['estimate']

/** `$0.10–0.40`; null where nothing is known. */
export function costRange({ lowMicros, highMicros }: Pick<Estimate, 'lowMicros' | 'highMicros'>): string | null {
  if (lowMicros === null || highMicros === null) return null
  if (highMicros === 0) return 'free'
  const [low, high] = [formatMoney(lowMicros), formatMoney(highMicros)]
  return low === high ? low : `${low}–${high.replace('$', '')}`
}

const HOURS_FROM_MINUTES = 120

/** `5–15 min`, `3–9 h`: from two hours on nobody counts minutes. */
export function minuteRange({ low, high }: { low: number; high: number }): string {
  const [from, to, unit] = low < HOURS_FROM_MINUTES ? [low, high, 'min'] : [hours(low), hours(high), 'h']
  return from === to ? `${from} ${unit}` : `${from}–${to} ${unit}`
}

function hours(minutes: number): number {
  return Math.round(minutes / 30) / 2
}

/** What all tasks together are likely to take. */
export function describeRange(estimate: Estimate): string {
  const cost = costRange(estimate)
  const time = minuteRange({ low: estimate.lowMinutes, high: estimate.highMinutes })
  return `Estimate: ${time}${cost === null ? ', cost not known for this model' : `, ${cost}`}`
}
