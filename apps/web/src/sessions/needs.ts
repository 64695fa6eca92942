import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleSlash,
  CircleX,
  GitPullRequest,
  MessageCircleQuestion,
  type LucideIcon,
} from 'lucide-react'
import type { Need, SessionCard } from './use-sessions.ts'

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

interface Look {
  icon: LucideIcon
  tone: string
}

/** How sessions that are done ended, told apart at a glance; only what was checked gets the mark of success. */
const ENDS: Record<NonNullable<SessionCard['outcome']>, Look> = {
  verified: { icon: CircleCheck, tone: 'text-success-text' },
  'partly-verified': { icon: CircleCheck, tone: 'text-muted' },
  unverified: { icon: CircleMinus, tone: 'text-warning-text' },
  'nothing-to-do': { icon: CircleMinus, tone: 'text-muted' },
  stopped: { icon: CircleSlash, tone: 'text-muted' },
  failed: { icon: CircleX, tone: 'text-danger-text' },
}

/** What a card is marked with: what it needs, or how it ended where nothing is needed any more. */
export function lookOf({ need, outcome }: Pick<SessionCard, 'need' | 'outcome'>): Look {
  if (need === 'done' && outcome !== null) return ENDS[outcome]
  return needs.find((kind) => kind.need === need) ?? ENDS.verified
}
