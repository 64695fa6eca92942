// How much of a session waits for a person, in words.

import type { Autonomy } from '@slipway/core/events'
import { modeNames } from '@slipway/core/text/mode-names'

/** Goes on from "it". */
export const modeWords: Record<Autonomy, string> = {
  ask: 'asks before the plan and each outward step',
  plan: 'asks before each outward step',
  auto: 'asks only when the policy says so',
}

/** `Plan first: asks before each outward step`. */
export function describeMode(autonomy: Autonomy): string {
  return `${modeNames[autonomy]}: ${modeWords[autonomy]}`
}
