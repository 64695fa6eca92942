// Workers are killed with SIGKILL at every append of a session and at random moments, often several in one session. The next
// one brings it to the same end. Real PostgreSQL, git, sandboxes and processes; the model and GitHub are doubles at the wire.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from '../effort.ts'
import { resumeQuantileMs, summarise, tellRun } from './figures.ts'
import { judge } from './judge.ts'
import { openLane, type Lane } from './lane.ts'
import { runSession, type SessionInput, type SessionRun } from './run-session.ts'
import type { StoryName } from './story.ts'
import type { KillAtAppend } from './worker-messages.ts'

const timeLimit = deadlineMs({ short: 600_000, long: 4 * 3_600_000 })
const isLong = rounds({ short: 0, long: 1 }) > 0
const stories: StoryName[] = isLong ? ['short', 'long'] : ['short']
/** Kills of one session lie so many appends apart: each worker gets somewhere before the next one dies. */
const stride = 6

let lane: Lane
const undisturbed = new Map<StoryName, SessionRun>()
const runs: SessionRun[] = []
let count = 0

beforeAll(async () => {
  lane = await openLane()
  for (const story of stories) undisturbed.set(story, await runSession(lane, session(story, {})))
}, timeLimit)
afterAll(async () => {
  console.log(summarise(runs))
  await lane.close()
})

function session(story: StoryName, change: Partial<SessionInput>): SessionInput {
  count += 1
  return { name: `${story}-${count}`, story, forge: count % 2 === 0 ? 'github' : 'local', appends: [], moments: [], ...change }
}

const undisturbedRun = (story: StoryName): SessionRun => {
  const run = undisturbed.get(story)
  if (!run) throw new Error(`there is no undisturbed run of the ${story} story`)
  return run
}

/** The machine may have become faster since the first run; moments after the end would hit nothing. */
const shortestMs = (story: StoryName): number =>
  Math.min(...[undisturbedRun(story), ...runs.filter(({ name }) => name.startsWith(story))].map(({ durationMs }) => durationMs))

async function runAndJudge(story: StoryName, change: Partial<SessionInput>): Promise<SessionRun> {
  const run = await runSession(lane, session(story, change))
  runs.push(run)
  const complaints = judge(run, undisturbedRun(story))
  if (complaints.length > 0) console.log(tellRun(run))
  expect(complaints).toEqual([])
  return run
}

test.each(stories)('the %s session comes to its end when nobody disturbs it', (story) => {
  const run = undisturbedRun(story)
  expect(judge(run, run)).toEqual([])
  expect([run.events.length >= 30, run.events.length <= 100, run.deaths]).toEqual([true, true, []])
})

type When = 'before' | 'after' | 'during' | 'either'
const whens: [StoryName, When][] = isLong
  ? [
      ['long', 'before'],
      ['long', 'after'],
      ['short', 'before'],
      ['short', 'after'],
      ['short', 'during'],
    ]
  : [['short', 'either']]

describe('a worker is killed at every append', () => {
  test.each(whens)(
    'of the %s session, %s it, and nothing is lost or done twice',
    async (story, when) => {
      const names = [...new Set(undisturbedRun(story).appends.flat())]
      const plan = names.map((append, index): KillAtAppend => ({ append, when: choose(when, index) }))
      const hit = new Set<string>()
      const run = async (appends: KillAtAppend[]): Promise<void> => {
        const { deaths } = await runAndJudge(story, { appends })
        for (const { at } of deaths) if (at) hit.add(at.append)
      }
      for (let first = 0; first < stride; first++) await run(plan.filter((_, index) => index % stride === first))
      // An earlier kill may have changed the way of a session so that it did not come by: those alone.
      for (const kill of plan.filter(({ append }) => !hit.has(append))) await run([kill])
      expect(names.filter((name) => !hit.has(name))).toEqual([])
    },
    timeLimit,
  )
})

/** In the short form, alternately: before an outcome is stored its effect was done, after an intent was stored it was not. */
function choose(when: When, index: number): KillAtAppend['when'] {
  if (when === 'during') return { afterMs: (index % 4) * 0.7 }
  if (when === 'either') return index % 2 === 0 ? 'after' : 'before'
  return when
}

describe('workers are killed at random moments', () => {
  const wanted = rounds({ short: 3, long: 1_000 })
  test(
    `${wanted} times, several of one session at times, and nothing is lost or done twice`,
    async () => {
      const random = seededRandom(chooseSeed('kill'))
      const tell = openProgress('kill', wanted)
      for (let kills = 0; kills < wanted; ) {
        tell(kills)
        const story = stories[Math.floor(random() * stories.length)] ?? 'short'
        // Each worker gets a moment of its own within the length of a whole session; one that ends before is not hit.
        const moments = Array.from({ length: Math.min(wanted - kills, 1 + Math.floor(random() * 5)) }, () =>
          Math.round(random() * shortestMs(story)),
        )
        kills += (await runAndJudge(story, { moments })).deaths.length
      }
    },
    timeLimit,
  )
})

test('of twenty workers that come after a dead one nineteen go on within ten seconds, however busy the machine is', () => {
  expect(runs.flatMap(({ resumeMs }) => resumeMs).length).toBeGreaterThan(20)
  expect(resumeQuantileMs(runs, 0.95)).toBeLessThan(10_000)
})
