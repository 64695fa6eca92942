// A worker is frozen with SIGSTOP past its lease, another one takes over and finishes its sessions, and the frozen one is woken: it
// writes nothing, sends nothing, calls no model, and leaves the new owner's work tree alone.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { judgeFences } from './crew/judge-fences.ts'
import { judgeOutcome } from './crew/judge-outcome.ts'
import { runFrozen, type FreezeInput, type FrozenRun } from './crew/run-frozen.ts'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'
import { tellRun } from './kill/figures.ts'
import { judge } from './kill/judge.ts'
import { openLane, type Lane } from './kill/lane.ts'
import type { SessionRun } from './kill/run-session.ts'
import type { HoldPlace } from './kill/worker-messages.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 4 * 3_600_000 })
const patienceMs = 170_000

let lane: Lane
/** Every session of these comes to the same end, whichever came first. */
let reference: SessionRun | undefined
let count = 0

beforeAll(async () => {
  lane = await openLane({ variables: { SLIPWAY_WORKER_SESSIONS: '20' } })
})
afterAll(() => lane.close())

async function freeze(input: Omit<FreezeInput, 'sessions' | 'deadlineMs'> & { sessions: number; slow: number }): Promise<FrozenRun> {
  const sessions = Array.from({ length: input.sessions }, (_, index) => ({
    name: `frozen-${(count += 1)}`,
    forge: 'github' as const,
    story: index < input.slow ? ('slow' as const) : ('short' as const),
  }))
  const run = await runFrozen(lane, { ...input, sessions, deadlineMs: patienceMs })
  reference ??= run.sessions[0]
  return run
}

/** With the logs of the sessions that they are about, so that the cause can be found without having it again. */
function findingsOf(run: FrozenRun): string[] {
  const findings = judgeAll(run)
  for (const session of run.sessions) if (findings.some((finding) => finding.startsWith(`${session.name}: `))) console.log(tellRun(session))
  return findings
}

function judgeAll(run: FrozenRun): string[] {
  const others = run.workers.slice(1)
  return [
    ...run.sessions.flatMap((session) => [...judge(session, reference ?? session), ...judgeOutcome(session), ...judgeEnd(session)]),
    ...judgeFences(run),
    ...judgeWoken(run),
    ...others.flatMap(({ driven }) =>
      driven.filter((end) => end !== 'rested' && end !== 'let-go').map((end) => `a drive of the new owner ended ${end}`),
    ),
    ...others.flatMap(({ acknowledged }) =>
      acknowledged.flatMap(({ body }) =>
        body.type === 'tool-finished' && /sandbox ended while this ran/.test(body.output) ? ['the new owner’s sandbox was ended'] : [],
      ),
    ),
  ]
}

function judgeWoken({ woken }: FrozenRun): string[] {
  if (woken === null) return []
  return [
    ...woken.appended.map((type) => `the woken worker appended ${type}`),
    ...(woken.modelCalls > 0 ? [`the woken worker called the model ${woken.modelCalls} times`] : []),
    ...woken.changes.map((change) => `the woken worker sent ${change}`),
    ...woken.endings.filter((end) => end !== 'lost').map((end) => `a drive of the woken worker ended ${end}`),
  ]
}

const judgeEnd = ({ name, events }: SessionRun): string[] =>
  events.at(-1)?.body.type === 'session-finished' ? [] : [`${name}: something was written after its end`]

/** One session stands still at each of them, and as many as are slow in a command. */
async function expectNothingDone(input: { at: HoldPlace[]; slow: number; wake: FreezeInput['wake'] }): Promise<void> {
  const sessions = input.at.length + input.slow
  const run = await freeze({ ...input, sessions })
  expect(findingsOf(run)).toEqual([])
  // More where a lease had run out under its own worker before the freeze: the session is taken again, and waits for its first drive.
  expect(run.woken?.endings.length).toBeGreaterThanOrEqual(sessions)
}

test('a worker that wakes after its lease writes and sends nothing', { timeout: timeLimit }, async () => {
  await expectNothingDone({ at: ['at model', 'before model-responded 2', 'at push', 'at change-request'], slow: 0, wake: 'alone' })
})

test('a worker that wakes when another one has its sessions leaves their work trees alone', { timeout: timeLimit }, async () => {
  await expectNothingDone({ at: ['at workspace', 'at checkpoint'], slow: 1, wake: 'meanwhile' })
})

const wanted = rounds({ short: 0, long: 100 })
test.each(wanted > 0 ? [wanted] : [])('%i freezes at random moments disturb nobody', { timeout: timeLimit }, async () => {
  const random = seededRandom(chooseSeed('frozen'))
  let longestMs = 10_000
  const tell = openProgress('frozen', wanted)
  for (let round = 0; round < wanted; ) {
    tell(round)
    const at = { afterMs: Math.round(random() * longestMs) }
    const wake = (['alone', 'meanwhile', 'afterwards'] as const)[Math.floor(random() * 3)] ?? 'alone'
    const run = await freeze({ at, sessions: 3, slow: 0, wake })
    expect({ at, wake, findings: findingsOf(run) }).toEqual({ at, wake, findings: [] })
    if (run.woken === null) longestMs = at.afterMs
    else round += 1
  }
})
