// One session from its creation to its end, with workers that are killed on the way and a person who watches and answers.

import { loadSession } from '@slipway/server/actions/access'
import { answer } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { openFeed } from '@slipway/server/stream/feed'
import type { HumanAsked, SessionEvent } from '@slipway/core/events'
import type { ForgeKind, Lane } from './lane.ts'
import { leftBehind } from './left-behind.ts'
import { personsAnswer, type StoryName } from './story.ts'
import type { Published } from './target.ts'
import type { ClockJump, KillAtAppend } from './worker-messages.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface SessionInput {
  name: string
  story: StoryName
  forge: ForgeKind
  /** Appends at which whichever worker makes them dies, each once. */
  appends: KillAtAppend[]
  /** When to kill the first worker, the second and so on: milliseconds after it was started, for the first after it was told to begin. */
  moments: number[]
  /** What happens to the clock of each worker. */
  jumps?: ClockJump[]
}

export interface SessionRun {
  name: string
  events: SessionEvent[]
  /** What a viewer was shown, and what workers had been told is stored. */
  shown: SessionEvent[]
  acknowledged: SessionEvent[]
  /** Each kill that hit: at which append, or null for a moment, and the head of the log by then. */
  deaths: { at: KillAtAppend | null; head: number }[]
  /** For each worker that took over: milliseconds from its start to its first stored event. */
  resumeMs: number[]
  durationMs: number
  /** Names of the appends, by worker. */
  appends: string[][]
  /** How the drives ended. */
  driven: string[]
  published: Published
  leftBehind: string[]
  troubles: string
}

const deadlineMs = 90_000

/** Runs it to its end. The deaths happen to one worker after the other, as far as there is time for them. */
export async function runSession(lane: Lane, input: SessionInput): Promise<SessionRun> {
  const { runtime } = lane
  const ports = asLocal(runtime.ports)
  const workers: WorkerProcess[] = []
  const shown: SessionEvent[] = []
  const deaths: SessionRun['deaths'] = []
  let changed: () => void = () => undefined
  let failure: unknown = null
  const onChange = (): void => changed()
  const first = lane.takeWorker(onChange)
  const { sessionId, target } = await lane.create(input)
  const startedAt = performance.now()

  const feed = openFeed({
    log: ports.log,
    bus: ports.bus,
    deltas: null,
    sessionId,
    after: 0,
    pressure: null,
    failed: (error) => {
      failure = error
      onChange()
    },
    send(message) {
      if (message.type !== 'event') return
      shown.push(message.event)
      const { body } = message.event
      if (body.type === 'human-asked') void answerAsk(body).catch((error: unknown) => (failure = error))
      onChange()
    },
  })

  async function answerAsk(ask: HumanAsked): Promise<void> {
    if (ask.kind !== 'question' && ask.kind !== 'approval') throw new Error(`the session asks for help (${ask.kind}): ${ask.question}`)
    const given =
      ask.kind === 'question' ? { decision: 'answer' as const, text: personsAnswer } : { decision: 'approve' as const, text: '' }
    await answer(ports, { sessionId, askId: ask.askId, ...given, effectHash: ask.effect?.hash ?? null, budgetMicros: null, wake: 'now' })
  }

  const isFinished = (): boolean => shown.some(({ body }) => body.type === 'session-finished')

  /** Resolves when the worker is gone or the session has ended, whichever is first. */
  function settled(worker: WorkerProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${input.name} did not end within ${deadlineMs} ms`)), deadlineMs)
      const settle = (): void => {
        clearTimeout(late)
        resolve()
      }
      changed = () => {
        if (failure !== null) reject(failure as Error)
        else if (isFinished()) settle()
      }
      void worker.exited.then(settle)
      changed()
    })
  }

  async function work(worker: WorkerProcess): Promise<void> {
    const moment = input.moments[workers.length]
    workers.push(worker)
    worker.begin(
      input.appends.filter((kill) => !deaths.some(({ at }) => at?.append === kill.append)),
      input.jumps,
    )
    const timer = moment === undefined ? undefined : setTimeout(() => worker.kill(), moment)
    await settled(worker)
    clearTimeout(timer)
    const wasFinished = isFinished()
    if (wasFinished) worker.drain()
    const { signal } = await stopped(worker)
    const { state } = await loadSession(ports, sessionId)
    if (worker.death() !== null || (signal === 'SIGKILL' && !wasFinished)) deaths.push({ at: worker.death(), head: state.head })
    else if (!state.finished) throw new Error('the worker ended by itself before the session did')
    await shownUpTo(state.head)
  }

  async function stopped(worker: WorkerProcess): Promise<{ signal: string | null }> {
    const late = setTimeout(() => worker.kill(), 60_000)
    const end = await worker.exited
    clearTimeout(late)
    if (end.signal === null && end.code !== 0) throw new Error(`a worker ended with code ${end.code}`)
    return end
  }

  function shownUpTo(head: number): Promise<void> {
    feed.check()
    return new Promise((resolve, reject) => {
      changed = () => {
        if (failure !== null) reject(failure as Error)
        else if (feed.head() >= head) resolve()
      }
      changed()
    })
  }

  try {
    await work(first)
    // One more than there were deaths: also a session that had just ended is looked at again.
    while (!isFinished() || workers.length === deaths.length) await work(lane.startWorker(onChange))
    const durationMs = performance.now() - startedAt
    await lane.openAndCloseSandboxes()
    const events = await ports.log.read({ sessionId, after: 0 })
    return {
      name: input.name,
      events,
      shown,
      acknowledged: workers.flatMap((worker) => worker.acknowledged),
      deaths,
      resumeMs: workers.slice(1).flatMap((worker) => worker.firstAppendMs() ?? []),
      durationMs,
      appends: workers.map((worker) => worker.appends),
      driven: workers.flatMap((worker) => worker.driven),
      published: await target.look(),
      leftBehind: await leftBehind(lane.folder, lane.waiting()),
      troubles: workers.map((worker) => worker.troubles()).join(''),
    }
  } catch (error) {
    throw new Error(await describe(error), { cause: error })
  } finally {
    feed.close()
    for (const worker of workers) worker.kill()
  }

  async function describe(error: unknown): Promise<string> {
    const events = await ports.log.read({ sessionId, after: 0 })
    const tail = events.slice(-8).map(({ seq, body }) => `  ${seq} ${JSON.stringify(body).slice(0, 300)}`)
    const words = workers.map((worker) => worker.troubles()).join('')
    return [
      `${input.name} with ${JSON.stringify([input.appends, input.moments])}, deaths at ${JSON.stringify(deaths)}: ${String(error)}`,
      words.slice(-3_000),
      ...tail,
    ].join('\n')
  }
}
