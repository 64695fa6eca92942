export interface DayTotals {
  day: string
  sessions: number
  verified: number
  failed: number
  costMicros: number
  inputTokens: number
  outputTokens: number
  /** Of the sessions that ended; null where none did, and of more than a day. */
  medianMs: number | null
}

const DAY_MS = 86_400_000
const MOST_BARS = 92
const WEEK = 7

/** Every day of the span, oldest first, those without sessions too; longer spans by weeks, which are named by their first day. */
export function fillDays(byDay: readonly DayTotals[], days: number, nowMs: number): DayTotals[] {
  const known = new Map(byDay.map((row) => [row.day, row]))
  const dayAt = (back: number): string => new Date(nowMs - back * DAY_MS).toISOString().slice(0, 10)
  const filled = Array.from({ length: days }, (_, index) => {
    const day = dayAt(days - 1 - index)
    return known.get(day) ?? { day, sessions: 0, verified: 0, failed: 0, costMicros: 0, inputTokens: 0, outputTokens: 0, medianMs: null }
  })
  return days <= MOST_BARS ? filled : byWeek(filled)
}

/** Weeks end today, so that the newest one is whole. */
function byWeek(days: readonly DayTotals[]): DayTotals[] {
  const first = days.length % WEEK
  const weeks: DayTotals[][] = first === 0 ? [] : [days.slice(0, first)]
  for (let start = first; start < days.length; start += WEEK) weeks.push(days.slice(start, start + WEEK))
  return weeks.map((week) => week.reduce((sum, day) => add(sum, day)))
}

function add(a: DayTotals, b: DayTotals): DayTotals {
  return {
    day: a.day,
    sessions: a.sessions + b.sessions,
    verified: a.verified + b.verified,
    failed: a.failed + b.failed,
    costMicros: a.costMicros + b.costMicros,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    medianMs: null,
  }
}
