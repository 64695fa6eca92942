// How a session ended that nothing but a worker's troubles came over.

import type { SessionRun } from '../kill/run-session.ts'

/** The findings, in words; none when it ended once, with its checks passed. */
export function judgeOutcome({ name, events }: SessionRun): string[] {
  const ends = events.flatMap(({ body }) => (body.type === 'session-finished' ? [body.outcome] : []))
  return ends.join() === 'verified' ? [] : [`${name}: it ended ${ends.join() || 'not at all'}`]
}
