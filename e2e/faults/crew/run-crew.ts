// Several sessions at the same time, worked on by several worker processes. A worker that dies is followed by another one.

import { setTimeout as delay } from 'node:timers/promises'
import { answer } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { openFeed, type Feed } from '@slipway/server/stream/feed'
import type { HumanAsked, SessionEvent } from '@slipway/core/events'
import type { Lane, ForgeKind } from '../kill/lane.ts'
import { leftBehind } from '../kill/left-behind.ts'
import type { SessionRun } from '../kill/run-session.ts'
import type { Target } from '../kill/target.ts'
import type { StoryName } from '../kill/story.ts'
import type { HoldPlace } from '../kill/worker-messages.ts'
import type { WorkerProcess } from '../kill/worker-process.ts'

export interface CrewInput {
  /** `story`: default the short one. `answerAtRest`: people answer once no worker holds the session any more. */
  sessions: { name: string; forge: ForgeKind; story?: StoryName; answerAtRest?: boolean }[]
  /** How many there are at the beginning. */
  workers: number
  deadlineMs?: number
  /** Where sessions stand still in the first worker. */
  holds?: HoldPlace[]
  /** Of the first worker alone. */
  variables?: Record<string, string>
  /** Called for each worker once it was told to begin; `another` begins one more. */
  attend?(worker: WorkerProcess, another: () => void): void
  /** Called for whatever the workers tell, and for what viewers are shown. */
  onChange?(): void
  /** Awaited once every session has ended, before the workers are sent home. */
  ended?(): Promise<void>
}

export interface CrewRun {
  sessions: (SessionRun & { sessionId: string })[]
  workers: WorkerProcess[]
}

interface Watched {
  name: string
  sessionId: string
  target: Target
  shown: SessionEvent[]
  feed: Feed
}

const usualDeadlineMs = 180_000
/** As the server does for its viewers: a worker that dies takes what it was about to tell along. */
const lookAgainMs = 5_000

/** Runs them all to their end. */
export async function runCrew(lane: Lane, input: CrewInput): Promise<CrewRun> {
  const ports = asLocal(lane.runtime.ports)
  const workers: WorkerProcess[] = []
  const watched: Watched[] = []
  const startedAt = performance.now()
  const deadlineMs = input.deadlineMs ?? usualDeadlineMs
  let failure: Error | null = null
  let changed: () => void = () => undefined
  const onChange = (): void => {
    input.onChange?.()
    changed()
  }
  let isOver = false

  function begin(): void {
    const isFirst = workers.length === 0
    const worker = lane.startWorker(onChange, isFirst ? input.variables : {})
    workers.push(worker)
    worker.begin([], [], isFirst ? input.holds : [])
    input.attend?.(worker, begin)
    void worker.exited.then(({ code, signal }) => {
      if (signal === null && code !== 0) fail(new Error(`a worker ended with code ${code}: ${worker.troubles().slice(-2_000)}`))
      else if (!isOver) begin()
    })
  }

  function fail(error: unknown): void {
    failure ??= error instanceof Error ? error : new Error(String(error))
    changed()
  }

  async function answerAsk(sessionId: string, ask: HumanAsked): Promise<void> {
    if (ask.kind !== 'approval') throw new Error(`a session asks for help (${ask.kind}): ${ask.question}`)
    const effectHash = ask.effect?.hash ?? null
    await answer(ports, { sessionId, askId: ask.askId, decision: 'approve', text: '', effectHash, budgetMicros: null, wake: 'now' })
  }

  async function atRest(sessionId: string): Promise<void> {
    const { pool } = lane.runtime.store.database
    const isHeld = async (): Promise<boolean> =>
      (await pool.query('select 1 from sessions where id = $1 and lease_until is not null', [sessionId])).rowCount === 1
    while (!isOver && (await isHeld())) await delay(10)
  }

  async function create({ name, forge, story = 'short', answerAtRest = false }: CrewInput['sessions'][number]): Promise<void> {
    const { sessionId, target } = await lane.create({ name, story, forge })
    const shown: SessionEvent[] = []
    const feed = openFeed({
      ...ports,
      deltas: null,
      sessionId,
      after: 0,
      pressure: null,
      failed: fail,
      send(message) {
        if (message.type !== 'event') return
        shown.push(message.event)
        const { body } = message.event
        if (body.type === 'human-asked')
          void (answerAtRest ? atRest(sessionId) : Promise.resolve()).then(() => answerAsk(sessionId, body)).catch(fail)
        onChange()
      },
    })
    watched.push({ name, sessionId, target, shown, feed })
  }

  function allEnded(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the sessions did not end within ${deadlineMs} ms`)), deadlineMs)
      changed = () => {
        const isEnded = watched.every(({ shown }) => shown.at(-1)?.body.type === 'session-finished')
        if (failure === null && !isEnded) return
        clearTimeout(late)
        if (failure === null) resolve()
        else reject(failure)
      }
      changed()
    })
  }

  const lookingAgain = setInterval(() => {
    for (const { feed } of watched) feed.check()
  }, lookAgainMs)
  try {
    for (let index = 0; index < input.workers; index++) begin()
    await Promise.all(input.sessions.map(create))
    await allEnded()
    await input.ended?.()
    isOver = true
    for (const worker of workers) worker.drain()
    await Promise.all(workers.map((worker) => worker.exited))
    // The sandboxes of workers that died are taken away by whoever uses sandboxes next.
    await lane.openAndCloseSandboxes()
    const remains = await leftBehind(lane.folder, lane.waiting())
    const inOrder = input.sessions.flatMap(({ name }) => watched.find((one) => one.name === name) ?? [])
    return { sessions: await Promise.all(inOrder.map((one) => lookBack(one, remains))), workers }
  } catch (error) {
    const description = await describe(error)
    await endAll()
    // What the killed workers had mounted would keep the lane from closing.
    await lane.openAndCloseSandboxes().catch(() => undefined)
    throw new Error(description, { cause: error })
  } finally {
    await endAll()
  }

  async function endAll(): Promise<void> {
    isOver = true
    clearInterval(lookingAgain)
    for (const { feed } of watched) feed.close()
    for (const worker of workers) worker.kill()
    await Promise.all(workers.map((worker) => worker.exited))
  }

  async function lookBack({ name, sessionId, target, shown }: Watched, remains: string[]): Promise<CrewRun['sessions'][number]> {
    const ofThis = (event: SessionEvent): boolean => event.sessionId === sessionId
    return {
      name,
      sessionId,
      events: await ports.log.read({ sessionId, after: 0 }),
      shown,
      acknowledged: workers.flatMap((worker) => worker.acknowledged.filter(ofThis)),
      // Any of them may have been the one that drove this session.
      deaths: workers.slice(input.workers).map(() => ({ at: null, head: 0 })),
      resumeMs: [],
      durationMs: performance.now() - startedAt,
      appends: [],
      driven: [],
      published: await target.look(),
      leftBehind: remains,
      troubles: workers.map((worker) => worker.troubles()).join(''),
    }
  }

  async function describe(error: unknown): Promise<string> {
    const tails = watched.map(async ({ name, sessionId }) => {
      const events = await ports.log.read({ sessionId, after: 0 })
      return [`${name}:`, ...events.slice(-4).map(({ seq, body }) => `  ${seq} ${JSON.stringify(body).slice(0, 300)}`)].join('\n')
    })
    return [String(error), ...workers.map((worker) => worker.troubles().slice(-1_000)), ...(await Promise.all(tails))].join('\n')
  }
}
