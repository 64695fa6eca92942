// GitHub does what it was asked, and its answer is lost: the connection breaks, a proxy answers 502, nothing comes, or the worker
// dies at that moment. Afterwards there is one change of the branch and one pull request. Real git behind the GitHub double.

import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fault, FaultOrder } from '../../doubles/github/faults.ts'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from '../effort.ts'
import { judge } from '../kill/judge.ts'
import { openLane, type Lane } from '../kill/lane.ts'
import type { SessionRun } from '../kill/run-session.ts'
import type { WorkerProcess } from '../kill/worker-process.ts'
import { runCrew } from './run-crew.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 3 * 3_600_000 })

let lane: Lane
let undisturbed: SessionRun
beforeAll(async () => {
  lane = await openLane({ variables: { SLIPWAY_WORKER_SESSIONS: '8' } })
  const [run] = (await runCrew(lane, { sessions: [{ name: 'undisturbed', forge: 'github' }], workers: 1 })).sessions
  if (run) undisturbed = run
})
afterAll(() => lane.close())

type Request = 'push' | 'pull request'
const requests: readonly Request[] = ['push', 'pull request']
type Loss = 'reset' | 'bad gateway' | 'silence' | 'death' | 'death on the way'

interface Case {
  name: string
  request: Request
  loss: Loss
  /** So many of the looks afterwards fail as well. */
  failingLooks: number
}

let worker: WorkerProcess | null = null

async function dies(afterMs: number): Promise<void> {
  const dying = worker
  await delay(afterMs)
  dying?.kill()
  await dying?.exited
}

function faultOf(loss: Loss, random: () => number): Fault {
  switch (loss) {
    case 'reset':
      return { kind: 'drop', when: 'after' }
    case 'bad gateway':
      return { kind: 'status', status: 502, when: 'after' }
    case 'silence':
      return { kind: 'silence' }
    case 'death':
      return { kind: 'meanwhile', when: 'after', run: () => dies(0) }
    case 'death on the way':
      return { kind: 'meanwhile', when: 'during', run: () => dies(random() * 100) }
  }
}

const address = ({ name, request }: Case): Pick<FaultOrder, 'method' | 'path'> => ({
  method: 'POST',
  path: new RegExp(request === 'push' ? `^/acme/${name}(\\.git)?/git-receive-pack$` : `^/api/v3/repos/acme/${name}/pulls$`),
})

/** What the product looks at to see whether the lost call was carried out. */
const lookAfter = ({ name, request }: Case): RegExp =>
  new RegExp(request === 'push' ? `^/acme/${name}(\\.git)?/info/refs` : `^/api/v3/repos/acme/${name}/pulls\\?`)

async function loseAnswers(cases: Case[], random: () => number): Promise<void> {
  for (const one of cases) {
    const fault = faultOf(one.loss, random)
    const spoilLooks = (): void => {
      if (one.failingLooks > 0)
        lane.github.fail({ path: lookAfter(one), fault: { kind: 'status', status: 502, when: 'before' }, times: one.failingLooks })
    }
    // The looks fail from this request on: those before it are none of this.
    lane.github.fail({ ...address(one), fault, taken: spoilLooks })
  }
  const sessions = cases.map(({ name }) => ({ name, forge: 'github' as const }))
  const crew = await runCrew(lane, {
    sessions,
    workers: 1,
    deadlineMs: cases.some(({ loss }) => loss === 'silence') ? 600_000 : 180_000,
    attend: (one) => void (worker = one),
  })
  const findings = crew.sessions.flatMap((run, index) =>
    judge(run, undisturbed).map((finding) => `${JSON.stringify(cases[index])} ${finding}`),
  )
  expect(findings).toEqual([])
  const lost = cases.filter((one) => lane.github.requests.some(({ method, path }) => method === 'POST' && address(one).path.test(path)))
  expect(lost).toEqual(cases)
}

test(
  'the answer to a push or to a new pull request is lost in every way, and each exists once',
  async () => {
    const losses: Loss[] = ['reset', 'bad gateway', 'death']
    const cases = losses.flatMap((loss, index) =>
      requests.map((request): Case => ({ name: `lost-${index}-${request.replace(' ', '-')}`, request, loss, failingLooks: index % 2 })),
    )
    await loseAnswers(cases, () => 0)
  },
  timeLimit,
)

const wanted = rounds({ short: 0, long: 300 })
test.each(wanted > 0 ? [wanted] : [])(
  '%i answers are lost at random moments, and each branch and pull request exists once',
  async () => {
    const random = seededRandom(chooseSeed('lost-answers'))
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value // never empty
    // Silence lasts as long as the deadlines of the calls: once each.
    await loseAnswers(
      requests.map((request): Case => ({ name: `silent-${request.replace(' ', '-')}`, request, loss: 'silence', failingLooks: 0 })),
      random,
    )
    const tell = openProgress('lost-answers', wanted)
    for (let count = 0; count < wanted; count += 6) {
      tell(count)
      const cases = Array.from({ length: 6 }, (_, index): Case => {
        const loss = pick<Loss>(['reset', 'bad gateway', 'death', 'death on the way', 'death on the way'])
        return { name: `random-${count + index}`, request: pick(requests), loss, failingLooks: pick([0, 0, 1, 2]) }
      })
      await loseAnswers(cases, random)
    }
  },
  timeLimit,
)
