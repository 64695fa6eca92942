// Moments as people read them; always in their own time zone.

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `now`, `4 min ago`, `3 h ago`, `yesterday`, `12 Nov`, `12 Nov 2025`. */
export function formatAgo(at: string, nowMs: number): string {
  const then = new Date(at)
  const ageMs = nowMs - then.getTime()
  if (ageMs < MINUTE_MS) return 'now'
  if (ageMs < HOUR_MS) return `${Math.floor(ageMs / MINUTE_MS)} min ago`
  const days = daysBetween(then, new Date(nowMs))
  if (days === 0 || ageMs < 6 * HOUR_MS) return `${Math.floor(ageMs / HOUR_MS)} h ago`
  if (days === 1) return 'yesterday'
  if (days < 7) return `${days} d ago`
  return formatDay(at, nowMs)
}

/** `12 Nov`, with the year when it is another one. */
export function formatDay(at: string, nowMs: number): string {
  const then = new Date(at)
  const isThisYear = then.getFullYear() === new Date(nowMs).getFullYear()
  return then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) })
}

/** `14:05:09`. */
export function formatClock(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

/** `12 November 2026 at 14:05:09`, for titles and labels. */
export function formatMoment(at: string): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'medium' })
}

function daysBetween(from: Date, to: Date): number {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnight(to) - midnight(from)) / DAY_MS)
}
