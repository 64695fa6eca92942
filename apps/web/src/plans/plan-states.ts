// What the states of plans and of their tasks are called.

import { plural } from '../format/count.ts'
import type { PlanSummary, PlanTaskView } from './use-plans.ts'

export interface StateName {
  name: string
  tone: string
}

const QUIET = 'text-muted'
const BUSY = 'text-accent-text'
const GOOD = 'text-success-text'
const WARN = 'text-warning-text'
const BAD = 'text-danger-text'

const planStates: Record<PlanSummary['state'], StateName> = {
  reading: { name: 'Reading the idea', tone: BUSY },
  read: { name: 'Requirements to look at', tone: WARN },
  planning: { name: 'Planning', tone: BUSY },
  planned: { name: 'Tasks to approve', tone: WARN },
  approved: { name: 'Under way', tone: BUSY },
  done: { name: 'Done', tone: GOOD },
  failed: { name: 'Needs you', tone: BAD },
  dropped: { name: 'Dropped', tone: QUIET },
}

/** How a plan stands; one that is under way can wait for somebody all the same. */
export function planStateOf({ state, progress }: Pick<PlanSummary, 'state' | 'progress'>): StateName {
  if (state !== 'approved' || progress.needPerson === 0) return planStates[state]
  return { name: `${plural(progress.needPerson, 'task')} ${progress.needPerson === 1 ? 'needs' : 'need'} you`, tone: WARN }
}

export const taskStates: Record<PlanTaskView['state'], StateName> = {
  draft: { name: 'Not approved', tone: QUIET },
  waiting: { name: 'Waiting', tone: WARN },
  working: { name: 'Working', tone: BUSY },
  'needs-person': { name: 'Needs you', tone: WARN },
  'in-review': { name: 'In review', tone: GOOD },
  done: { name: 'Done', tone: GOOD },
  failed: { name: 'Failed', tone: BAD },
}
