import { modeNames } from '@slipway/core/text/mode-names'
import { Hand, ListChecks, Play, type LucideIcon } from 'lucide-react'
import type { Draft } from './draft.ts'

export interface Mode {
  value: NonNullable<Draft['autonomy']>
  name: string
  hint: string
  icon: LucideIcon
}

/** How much happens without a person, from little to much asking. */
export const modes: readonly Mode[] = [
  { value: 'plan', name: modeNames.plan, hint: 'Writes a plan, works, and asks before anything leaves the sandbox.', icon: ListChecks },
  {
    value: 'auto',
    name: modeNames.auto,
    hint: 'Also pushes and opens the change request by itself, as far as the policy allows.',
    icon: Play,
  },
  {
    value: 'ask',
    name: modeNames.ask,
    hint: 'Waits for your yes to its plan, and before anything leaves the sandbox.',
    icon: Hand,
  },
]

export function modeOf(value: Draft['autonomy']): Mode {
  return modes.find((mode) => mode.value === value) ?? modes[0]!
}
