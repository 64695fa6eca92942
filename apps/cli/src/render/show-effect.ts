// An effect that waits for a yes, at a terminal.

import type { Plan } from '@slipway/server/contract/plan-routes'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { openTerminal } from '../terminal.ts'
import { oneLine } from './plain-text.ts'

/** Says what would be made, and how to say yes to exactly that. */
export function showEffect(effect: NonNullable<Plan['newRepository']>['effect']): ExitCode {
  const { print, style } = openTerminal('people')
  const width = Math.max(10, ...effect.details.map(([detail]) => detail.length))
  print(style.bold(oneLine(effect.title, 300)))
  for (const [detail, value] of effect.details) print(`  ${detail.padEnd(width)} ${oneLine(value, 200)}`)
  print(`${effect.reason} ${effect.reversible}`)
  print(`Nothing is made yet. To make exactly this, repeat the command with --yes ${effect.hash.slice(0, 12)}`)
  return exitCodes.asAsked
}
