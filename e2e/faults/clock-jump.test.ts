// The clock of a worker, of its database or of both is set an hour forward and back while leases, pauses, commands and approvals
// are under way. The session comes to the same end in about the same time, and nothing took less than no time. Only the database's
// clock ends leases: where it is set forward, a session is driven on by its next lease, as after a death.

import { setClockAhead } from '@slipway/store/testing/settable-clock'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cases, chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'
import { judge } from './kill/judge.ts'
import { openLane, type Lane } from './kill/lane.ts'
import { runSession, type SessionRun } from './kill/run-session.ts'
import type { ClockJump } from './kill/worker-messages.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 2 * 3_600_000 })
const hourMs = 3_600_000
/** A jump must not turn into a wait; on a loaded machine a session may well take a few times as long. */
const patienceMs = 30_000
/** What waits is moved with the database's clock as exactly as the time was known, and so is the lease of a drive. */
const knownToMs = 25_000

let lane: Lane
let undisturbed: SessionRun
let count = 0

beforeAll(async () => {
  lane = await openLane({ hasSettableClock: true })
  undisturbed = await run([])
}, timeLimit)
afterAll(() => lane.close())

async function run(jumps: ClockJump[]): Promise<SessionRun> {
  count += 1
  await setClockAhead(lane.runtime.store.database.pool, 0)
  return runSession(lane, { name: `clock-${count}`, story: 'short', forge: 'local', appends: [], moments: [], jumps })
}

/** In a command, in a pause that was begun on the wrong time, in a commit, and while a person is asked. */
const moments = {
  command: 'tool-ruled step2_call0_attempt1_x',
  afterwards: 'checkpoint-created step2_call0_attempt1_x',
  pause: 'model-failed rate-limit',
  commit: 'tool-ruled step4_call0_attempt1_x',
  approval: 'tool-ruled step5_call0_attempt1_x',
}

const clocks: ('worker' | 'database')[][] = [['worker'], ['database'], ['worker', 'database']]
const settings = clocks.flatMap((of) => [
  // Begins behind: a new session is due in an hour, as far as this clock knows.
  { clock: of.join(' and '), direction: 'forward', of, aheadMs: -hourMs },
  { clock: of.join(' and '), direction: 'back', of, aheadMs: hourMs },
])
test.each(cases(settings, 3))(
  'the clock of $clock, set $direction in every wait, changes nothing',
  async ({ of, aheadMs }) => {
    const steps = [
      { after: null, aheadMs },
      { after: moments.command, aheadMs: 0 },
      { after: moments.afterwards, aheadMs },
      { after: moments.pause, aheadMs: 0 },
      { after: moments.commit, aheadMs: -aheadMs },
      { after: moments.approval, aheadMs: 0 },
    ]
    const jumps = steps.flatMap((step) => of.map((whose): ClockJump => (whose === 'worker' ? step : { ...step, of: whose })))
    const disturbed = await run(jumps)
    const missed = Object.values(moments).filter((name) => !disturbed.appends.flat().includes(name))
    expect({ findings: findingsOf(disturbed, jumps), missed }).toEqual({ findings: [], missed: [] })
  },
  timeLimit,
)

const wanted = rounds({ short: 0, long: 60 })
test.each(wanted > 0 ? [wanted] : [])(
  'a clock that is set at random appends of %i sessions changes nothing',
  async () => {
    const random = seededRandom(chooseSeed('clock-jump'))
    const names = [...new Set(undisturbed.appends.flat())]
    const tell = openProgress('clock-jump', wanted)
    for (let round = 0; round < wanted; round++) {
      tell(round)
      const jumps = names
        .filter(() => random() < 0.2)
        .map((after): ClockJump => {
          const jump = { after, aheadMs: Math.round((random() * 2 - 1) * hourMs) }
          return random() < 0.3 ? { ...jump, of: 'database' } : jump
        })
      expect({ jumps, findings: findingsOf(await run(jumps), jumps) }).toEqual({ jumps, findings: [] })
    }
  },
  timeLimit,
)

function findingsOf(disturbed: SessionRun, jumps: ClockJump[]): string[] {
  const lateMs = disturbed.durationMs - undisturbed.durationMs
  // Each time that the database's clock is set, leases may end under a drive.
  const ends = jumps.filter(({ of }) => of === 'database').map(() => ({ at: null, head: 0 }))
  const isFine = (result: string): boolean => result === 'rested' || result === 'let-go' || (result === 'lost' && ends.length > 0)
  return [
    ...judge({ ...disturbed, deaths: [...disturbed.deaths, ...ends] }, undisturbed),
    ...disturbed.driven.filter((result) => !isFine(result)).map((result) => `a drive ended ${result}`),
    ...(lateMs > patienceMs + ends.length * knownToMs ? [`it took ${Math.round(lateMs)} ms longer than undisturbed`] : []),
    ...disturbed.events.flatMap(({ seq, body }) =>
      durationsIn(body)
        .filter(([, ms]) => ms < 0 || ms > disturbed.durationMs)
        .map(([name, ms]) => `event ${seq} says of its ${body.type} that ${name} is ${ms}`),
    ),
  ]
}

/** Every number in it that is a duration by its name, also inside lists. */
function durationsIn(value: unknown): [string, number][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]): [string, number][] =>
    typeof inner === 'number' && /(^ms|Ms)$/.test(name) && !/max/i.test(name) ? [[name, inner]] : durationsIn(inner),
  )
}
