import type { SessionCard } from './use-sessions.ts'

const NAMES: Record<NonNullable<SessionCard['outcome']>, string> = {
  verified: 'verified',
  'partly-verified': 'partly verified',
  unverified: 'not verified',
  'nothing-to-do': 'nothing to do',
  stopped: 'stopped',
  failed: 'failed',
}

export function outcomeName(outcome: NonNullable<SessionCard['outcome']>): string {
  return NAMES[outcome]
}
