// Who wrote what under which lease: every event of a session was written by one worker, and leases follow one another.

import type { SessionEvent } from '@slipway/core/events'
import type { CrewRun } from './run-crew.ts'

interface Written {
  event: SessionEvent
  fence: number | null
  worker: number
}

/** What people and the harness write themselves. */
const notByWorkers: ReadonlySet<string> = new Set(['session-created', 'user-message', 'human-answered'])

/** The findings, in words; none when one worker at a time wrote. */
export function judgeFences({ sessions, workers }: CrewRun): string[] {
  return sessions.flatMap(({ name, sessionId, events }) => {
    const written = workers
      .flatMap(({ acknowledged, fences }, worker) =>
        acknowledged.map((event, at): Written => ({ event, fence: fences[at] ?? null, worker })),
      )
      .filter(({ event }) => event.sessionId === sessionId)
      .toSorted((a, b) => a.event.seq - b.event.seq)
    const findings = [...judgeOrder(written), ...judgeWriters(written), ...judgeCompleteness(written, events)]
    return findings.map((finding) => `${name}: ${finding}`)
  })
}

/** How many sessions were written to by more than one worker. */
export function countShared({ sessions, workers }: CrewRun): number {
  return sessions.filter(
    ({ sessionId }) => workers.filter(({ acknowledged }) => acknowledged.some((event) => event.sessionId === sessionId)).length > 1,
  ).length
}

function judgeOrder(written: Written[]): string[] {
  return written.flatMap(({ event, fence }, index) => {
    const before = written[index - 1]
    if (fence === null) return [`event ${event.seq} was written without a lease`]
    if (before?.event.seq === event.seq) return [`event ${event.seq} was acknowledged twice`]
    return before && fence < (before.fence ?? 0) ? [`event ${event.seq} was written under fence ${fence}, after ${before.fence}`] : []
  })
}

function judgeWriters(written: Written[]): string[] {
  const fences = new Set(written.map(({ fence }) => fence))
  return [...fences].flatMap((fence) => {
    const writers = new Set(written.filter((one) => one.fence === fence).map(({ worker }) => worker))
    return writers.size > 1 ? [`${writers.size} workers wrote under fence ${fence}`] : []
  })
}

function judgeCompleteness(written: Written[], events: SessionEvent[]): string[] {
  const known = new Set(written.map(({ event }) => event.id))
  return events
    .filter(({ id, body }) => !known.has(id) && !notByWorkers.has(body.type))
    .map(({ seq, body }) => `event ${seq}, ${body.type}, was acknowledged to no worker`)
}
