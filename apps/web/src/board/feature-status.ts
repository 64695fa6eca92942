import { Ban, CircleCheck, CircleDashed, CircleDot, type LucideIcon } from 'lucide-react'
import type { Feature } from './use-board.ts'

export interface StatusKind {
  status: Feature['status']
  name: string
  nothing: string
  icon: LucideIcon
  tone: string
}

/** Columns of the board, left to right. */
export const statuses: readonly StatusKind[] = [
  { status: 'todo', name: 'To do', nothing: 'Nothing left to begin.', icon: CircleDashed, tone: 'text-muted' },
  { status: 'doing', name: 'Doing', nothing: 'Nothing is under way.', icon: CircleDot, tone: 'text-accent-text' },
  { status: 'done', name: 'Done', nothing: 'Nothing is done yet.', icon: CircleCheck, tone: 'text-success-text' },
]

/** Its mark: blocked ones are told apart from those that could begin. */
export function markOf({ status, isBlocked }: Pick<Feature, 'status' | 'isBlocked'>): { name: string; icon: LucideIcon; tone: string } {
  const kind = statuses.find((one) => one.status === status) ?? { name: status, icon: CircleDashed, tone: 'text-muted' }
  return isBlocked ? { name: `${kind.name}, blocked`, icon: Ban, tone: 'text-warning-text' } : kind
}

/** `A`, `A and B`, `A, B and C`. */
export function inWords(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
