import { CircleCheck, CircleDashed, GitPullRequest, MessageCircleQuestion, type LucideIcon } from 'lucide-react'
import type { Need } from './use-sessions.ts'

export interface NeedKind {
  need: Need
  name: string
  /** When there is none of it. */
  nothing: string
  icon: LucideIcon
  tone: string
}

/** What sessions need of a person, the most urgent first. */
export const needs: readonly NeedKind[] = [
  { need: 'needs-you', name: 'Needs you', nothing: 'Nothing waits for you.', icon: MessageCircleQuestion, tone: 'text-warning-text' },
  { need: 'running', name: 'Running', nothing: 'Nothing runs.', icon: CircleDashed, tone: 'text-accent-text' },
  { need: 'in-review', name: 'In review', nothing: 'No change request is open.', icon: GitPullRequest, tone: 'text-success-text' },
  { need: 'done', name: 'Done', nothing: 'Nothing is done yet.', icon: CircleCheck, tone: 'text-muted' },
]
