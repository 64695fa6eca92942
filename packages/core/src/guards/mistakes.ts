import type { ToolFinished } from '../events.ts'

/** So many wrong calls in a row, and a person is asked. */
export const MISTAKE_LIMIT = 5

/** How many of the newest outcomes (oldest first) in a row were wrong calls: unknown tool, input that does not fit. Anything else ends the row. */
export function consecutiveMistakes(problems: readonly ToolFinished['problem'][]): number {
  const lastOther = problems.findLastIndex((problem) => problem !== 'input')
  return problems.length - 1 - lastOther
}

/** Whether a person should be asked because the model keeps calling tools wrongly. */
export function hasTooManyMistakes(problems: readonly ToolFinished['problem'][]): boolean {
  return consecutiveMistakes(problems) >= MISTAKE_LIMIT
}
