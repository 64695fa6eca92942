// A session's sandbox is destroyed under it: in a command, between commands, in the writing of a file, and in a verification. At
// most one call is lost for it, the model is told plainly, the work tree comes back, and the session ends verified.

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { asLocal } from '@slipway/server/auth/ports-for'
import { createSession } from '@slipway/server/intake/create-session'
import { openFeed } from '@slipway/server/stream/feed'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environmentFor } from '../doubles/models/environment.ts'
import { startModelDouble, type ModelDouble } from '../doubles/models/server.ts'
import { gitOutput } from '../doubles/github/git-command.ts'
import { chooseSeed, deadlineMs, rounds, seededRandom } from './effort.ts'
import { openLane, type Lane } from './kill/lane.ts'
import { makeStoryRepository } from './kill/story.ts'
import { localTarget } from './kill/target.ts'
import { type Destroyable, destroySandboxes } from './sandbox-death/destroy.ts'
import { check, task, tellSlowly } from './sandbox-death/story.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 3_600_000 })
const repeats = rounds({ short: 1, long: 25 })
const isLong = rounds({ short: 0, long: 1 }) > 0
const sessionDeadlineMs = 90_000

/** When the first destruction of a session happens: at an event of the log, up to so long after it. */
interface Occasion {
  name: string
  within: number
  what: 'session' | 'verification'
  isReached(body: EventBody, earlier: EventBody[]): boolean
}

const starts = (body: EventBody, tool: string): boolean => body.type === 'tool-started' && body.tool === tool
const occasions: Occasion[] = [
  { name: 'in a command', within: 1_000, what: 'session', isReached: (body) => starts(body, 'bash') },
  { name: 'in the writing of a file', within: 30, what: 'session', isReached: (body) => starts(body, 'write_file') },
  {
    name: 'between two commands',
    within: 100,
    what: 'session',
    isReached: (body, earlier) => body.type === 'model-requested' && earlier.some((one) => starts(one, 'bash')),
  },
  {
    name: 'in a verification',
    within: 800,
    what: 'verification',
    isReached: (body) => body.type === 'commit-offered',
  },
]

/** The short form; docker is destroyed in the long one only. */
const shortForm: Partial<Record<Destroyable, string[]>> = { bubblewrap: ['in a command', 'in a verification'] }

describe.each<Destroyable>(isLong ? ['bubblewrap', 'docker'] : ['bubblewrap'])('a sandbox of %s', (backend) => {
  let lane: Lane
  let model: ModelDouble
  let count = 0
  beforeAll(async () => {
    model = await startModelDouble({ api: 'anthropic', brain: tellSlowly })
    const { variables, model: name } = environmentFor('anthropic', model)
    lane = await openLane({ variables: { ...variables, SLIPWAY_MODEL: name, SLIPWAY_SANDBOX: backend } })
  }, timeLimit)
  afterAll(async () => {
    await lane.close()
    await model.close()
  })

  test.each(occasions.filter(({ name }) => isLong || shortForm[backend]?.includes(name)))(
    'that is destroyed $name costs at most one call, and the session ends verified',
    async (occasion) => {
      const random = seededRandom(chooseSeed('sandbox-death'))
      for (let round = 0; round < repeats; round++) {
        count += 1
        expect(await run(occasion, Math.round(random() * occasion.within))).toEqual([])
      }
    },
    timeLimit,
  )

  async function run(occasion: Occasion, delayMs: number): Promise<string[]> {
    const path = join(lane.folder, 'slow', `${backend}-${count}`)
    await makeStoryRepository(path)
    const worker = lane.takeWorker(() => undefined)
    const { runtime } = lane
    const ports = asLocal(runtime.ports)
    const { sessionId } = await createSession(
      { ...ports, settings: runtime.settings },
      {
        request: { task, title: occasion.name, repository: path, checks: [check], autonomy: 'auto' },
        source: 'api',
        folder: null,
        idempotencyKey: null,
        wake: 'now',
      },
    )
    const seen: EventBody[] = []
    const destroyed: Promise<number>[] = []
    const destroy = async (): Promise<number> => {
      await delay(delayMs)
      const fits = occasion.what === 'session' ? new RegExp(`^${sessionId}$`) : /^verify-/
      // A verification's sandbox comes up a moment after what announces it.
      for (const deadline = performance.now() + 60_000; performance.now() < deadline; ) {
        const killed = await destroySandboxes({ backend, state: join(lane.folder, 'sandboxes'), fits })
        if (killed > 0) return killed
        await delay(10)
      }
      return 0
    }
    const ended = Promise.withResolvers<void>()
    const late = setTimeout(() => ended.reject(new Error(`${occasion.name}: not finished in time`)), sessionDeadlineMs)
    const feed = openFeed({
      ...ports,
      deltas: null,
      sessionId,
      after: 0,
      pressure: null,
      failed: (error) => ended.reject(error as Error),
      send(message) {
        if (message.type !== 'event') return
        const { body } = message.event
        if (destroyed.length === 0 && occasion.isReached(body, seen)) destroyed.push(destroy())
        seen.push(body)
        if (body.type === 'session-finished' || body.type === 'human-asked') ended.resolve()
      },
    })
    worker.begin([])
    try {
      await ended.promise
      const [killed = 0] = await Promise.all(destroyed)
      worker.drain()
      const end = await Promise.race([worker.exited, delay(20_000).then(() => ({ code: 'it did not end' }))])
      const events = await ports.log.read({ sessionId, after: 0 })
      const published = await localTarget(path).look()
      const text = await gitOutput(join(path, '.git'), ['for-each-ref', '--format=%(objectname)', 'refs/heads/slipway'])
      const greeting = await gitOutput(join(path, '.git'), ['show', `${(text ?? '').trim()}:both.txt`])
      return [
        ...judge(events),
        ...(killed === 0 ? ['nothing was destroyed'] : []),
        ...(published.pushes.length === 1 && published.changeRequests === 1 ? [] : [`published ${JSON.stringify(published)}`]),
        ...(greeting?.startsWith('hello, world\n') ? [] : [`both.txt says ${String(greeting)}`]),
        ...(end.code === 0 ? [] : [`the worker ended with ${JSON.stringify(end)}: ${worker.troubles().slice(-500)}`]),
      ].map((finding) => `${occasion.name} after ${delayMs} ms: ${finding}`)
    } catch (error) {
      throw new Error(
        `${String(error)}\n${worker.troubles().slice(-2_000)}\n${seen
          .slice(-6)
          .map((body) => JSON.stringify(body).slice(0, 300))
          .join('\n')}`,
        {
          cause: error,
        },
      )
    } finally {
      clearTimeout(late)
      feed.close()
      worker.kill()
    }
  }
})

function judge(events: SessionEvent[]): string[] {
  const finished = of(events, 'tool-finished')
  const cut = finished.filter(({ problem }) => problem === 'interrupted')
  const plainly = /The sandbox ended while this ran .*started again with the work tree as it was before this call/
  const starting = of(events, 'tool-started').map(({ callId }) => callId)
  const [end] = of(events, 'session-finished')
  return [
    ...(end?.outcome === 'verified'
      ? []
      : [
          `it ended ${JSON.stringify(end ?? of(events, 'human-asked'))} after ${JSON.stringify(of(events, 'verification-finished'))}`.slice(
            0,
            1_500,
          ),
        ]),
    ...(cut.length > 1 ? [`${cut.length} calls were lost`] : []),
    ...cut.filter(({ output }) => !plainly.test(output)).map(({ output }) => `the model was told: ${output}`),
    ...(new Set(finished.map(({ callId }) => callId)).size === finished.length ? [] : ['a call has two outcomes']),
    ...(new Set(starting).size === starting.length ? [] : ['a call was begun twice']),
    ...of(events, 'guard-tripped').map(({ guard }) => `the guard ${guard} tripped`),
    ...of(events, 'human-asked').map(({ kind, question }) => `a person was asked (${kind}): ${question}`),
  ]
}

function of<T extends EventType>(events: SessionEvent[], type: T): EventOf<T>[] {
  return events.map(({ body }) => body).filter((body: EventBody): body is EventOf<T> => body.type === type)
}
