// Several worker processes race for the same sessions: each session comes to the same end, one worker at a time has it, and nothing
// is lost, doubled or done twice. Real PostgreSQL, git, sandboxes and processes; the model and GitHub are doubles at the wire.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { countShared, judgeFences } from './crew/judge-fences.ts'
import { judgeOutcome } from './crew/judge-outcome.ts'
import { runCrew, type CrewRun } from './crew/run-crew.ts'
import { cases, chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'
import { tellRun } from './kill/figures.ts'
import { judge } from './kill/judge.ts'
import { openLane, type Lane } from './kill/lane.ts'
import type { SessionRun } from './kill/run-session.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 4 * 3_600_000 })

let lane: Lane
/** Every session of these comes to the same end, whichever came first. */
let reference: SessionRun | undefined
let count = 0

beforeAll(async () => {
  // Few at a time each, so that nobody takes them all.
  lane = await openLane({ variables: { SLIPWAY_WORKER_SESSIONS: '2' } })
})
afterAll(() => lane.close())

async function race({ workers, sessions }: { workers: number; sessions: number }): Promise<CrewRun> {
  const names = Array.from({ length: sessions }, () => `race-${(count += 1)}`)
  const crew = await runCrew(lane, {
    workers,
    // Whoever has a session when it is answered at once keeps it; one that rests goes to whoever comes first.
    sessions: names.map((name, index) => ({ name, forge: index % 2 === 0 ? 'local' : 'github', answerAtRest: index % 3 !== 1 })),
    deadlineMs: timeLimit,
  })
  reference ??= crew.sessions[0]
  return crew
}

/** With the logs of the sessions that they are about, so that the cause can be found without having it again. */
function findingsOf(crew: CrewRun): string[] {
  const findings = judgeAll(crew)
  for (const session of crew.sessions)
    if (findings.some((finding) => finding.startsWith(`${session.name}: `))) console.log(tellRun(session))
  return findings
}

function judgeAll(crew: CrewRun): string[] {
  return [
    ...crew.sessions.flatMap((run) => [...judge(run, reference ?? run), ...judgeOutcome(run)]),
    ...judgeFences(crew),
    ...crew.workers.flatMap(({ driven }, index) =>
      driven.filter((result) => result !== 'rested' && result !== 'let-go').map((result) => `worker ${index}: a drive ended ${result}`),
    ),
  ]
}

const sizes = [
  { workers: 4, sessions: 4 },
  { workers: 2, sessions: 2 },
]
test.each(cases(sizes, 1))(
  '$workers workers that race for $sessions sessions do each of them once',
  { timeout: timeLimit },
  async (sizes) => {
    expect(findingsOf(await race(sizes))).toEqual([])
  },
)

const wanted = rounds({ short: 0, long: 50 })
test.each(wanted > 0 ? [wanted] : [])('%i races of up to six workers leave every session done once', { timeout: timeLimit }, async () => {
  const random = seededRandom(chooseSeed('races'))
  let shared = 0
  const tell = openProgress('races', wanted)
  for (let round = 0; round < wanted; round++) {
    tell(round)
    const sizes = { workers: 2 + Math.floor(random() * 5), sessions: 2 + Math.floor(random() * 5) }
    const crew = await race(sizes)
    expect({ sizes, findings: findingsOf(crew) }).toEqual({ sizes, findings: [] })
    shared += countShared(crew)
  }
  console.log(`races: ${wanted} races, ${shared} sessions written to by several workers`)
  expect(shared).toBeGreaterThan(0)
})
