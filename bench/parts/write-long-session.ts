import { exampleBodies } from './example-session.ts'
import { writeSessions } from './write-sessions.ts'

/** Writes finished sessions of so many events each into the database of a home; they belong to the installation's first person. Returns their ids. */
export function writeLongSessions(home: string, counts: number[]): Promise<string[]> {
  const end = { type: 'session-finished', outcome: 'nothing-to-do', summary: 'All of it was looked at.' } as const
  return writeSessions(
    home,
    counts.map((count) => [...exampleBodies(count - 1, 'local'), end]),
  )
}
