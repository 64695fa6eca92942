// What somebody who looks for a task to begin wants to see first.

import type { Statuses } from './mapping.ts'

/** Words that databases of Notion bring along for what is over. */
const OVER = /^(done|complete[d]?|closed|cancel+ed|archived|shipped)$/i

/** Whether a page in this state is through. */
export function isOver(status: string | null, { done }: Pick<Statuses, 'done'>): boolean {
  const name = status?.trim().toLowerCase() ?? ''
  return name === done.toLowerCase() || OVER.test(name)
}

/** Ready ones first, then what is open, what is done last; within each the order stays. */
export function sortTasks<Task extends { status: string | null }>(tasks: readonly Task[], { ready, done }: Statuses): Task[] {
  const rank = ({ status }: Task): number => {
    if (status?.trim().toLowerCase() === ready.toLowerCase()) return 0
    return isOver(status, { done }) ? 2 : 1
  }
  return tasks.toSorted((a, b) => rank(a) - rank(b))
}
