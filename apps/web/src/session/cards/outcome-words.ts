import { BadgeCheck, BadgeMinus, CircleSlash, CircleX, Minus, type LucideIcon } from 'lucide-react'
import type { Outcome } from '@slipway/core/events'

interface OutcomeWords {
  title: string
  /** What that claim rests on. */
  meaning: string
  icon: LucideIcon
  colour: string
}

/** How a turn ended, in words that claim no more than was checked. */
export const OUTCOMES: Record<Outcome, OutcomeWords> = {
  verified: {
    title: 'Done, and verified',
    meaning: 'Every check passed in a clean sandbox at the exact commit.',
    icon: BadgeCheck,
    colour: 'text-success-text',
  },
  'partly-verified': {
    title: 'Done, partly verified',
    meaning: 'Some checks passed and none failed, but some could not run.',
    icon: BadgeMinus,
    colour: 'text-warning-text',
  },
  unverified: {
    title: 'Done, but unverified',
    meaning: 'Nothing was checked at the final commit. What the agent says about its work is its word alone.',
    icon: BadgeMinus,
    colour: 'text-warning-text',
  },
  'nothing-to-do': { title: 'Nothing had to be changed', meaning: 'The repository is as it was.', icon: Minus, colour: 'text-muted' },
  stopped: {
    title: 'Stopped',
    meaning: 'The work so far is kept. Resume, or say what to do instead.',
    icon: CircleSlash,
    colour: 'text-warning-text',
  },
  failed: {
    title: 'Failed',
    meaning: 'It could not be brought to an end. Resume to try again.',
    icon: CircleX,
    colour: 'text-danger-text',
  },
}
