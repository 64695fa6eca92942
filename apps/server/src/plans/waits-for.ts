// What keeps an approved task from starting, in words.

import type { Dependency } from './start-tasks.ts'

const finished = new Set(['verified', 'partly-verified', 'unverified', 'nothing-to-do'])

/** null: everything that it depends on is done or in review. */
export function waitsFor(others: readonly Dependency[]): string | null {
  const reasons = others.flatMap((other) => reasonOf(other) ?? [])
  return reasons.length === 0 ? null : reasons.join(' ')
}

function reasonOf({ title, isApproved, sessionId, status, outcome }: Dependency): string | null {
  if (!isApproved) return `“${title}” comes first and is not approved.`
  if (sessionId === null) return `“${title}” comes first and has not started.`
  if (status !== 'done') return `“${title}” comes first and is being worked on.`
  if (outcome !== null && finished.has(outcome)) return null
  return `“${title}” comes first and has ${outcome === 'stopped' ? 'been stopped' : 'failed'}. Go on with its session, or start this task anyway.`
}
