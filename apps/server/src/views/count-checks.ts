import type { ChecksReported } from '@slipway/core/events'

/** How many checks of a change request stand how. */
export function countChecks({ checks }: Pick<ChecksReported, 'checks'>): { passed: number; failed: number; pending: number } {
  const count = (state: string): number => checks.filter((check) => check.state === state).length
  return { passed: count('passed'), failed: count('failed'), pending: count('pending') }
}
