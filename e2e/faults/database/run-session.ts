// One session from its creation to its end, in a real worker and seen through a real API, while its database is struck down.

import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { startServer, type RunningServer } from '@slipway/server/start-server'
import type { Lane } from '../kill/lane.ts'
import { leftBehind } from '../kill/left-behind.ts'
import type { SessionRun } from '../kill/run-session.ts'
import type { WorkerProcess } from '../kill/worker-process.ts'
import { watchSession, type Refusal } from './person.ts'
import type { Blow, Mortal } from './servers.ts'

export interface StruckRun extends SessionRun {
  refusals: Refusal[]
  surprises: string[]
  /** How the worker ended when it was asked to. */
  end: { code: number | null; signal: string | null }
}

const deadlineMs = 120_000
const nobody: { afterMs: number; blow: Blow }[] = []

/** An API on a port of its own, beside the workers of the lane. */
export function openApiOf(lane: Lane): Promise<RunningServer> {
  const { settings } = lane.runtime
  return startServer({ ...settings, role: 'api', logLevel: 'silent', http: { ...settings.http, host: '127.0.0.1', port: 0 } })
}

/** Each blow falls so long after the worker began, or after the server rose from the one before. */
export async function runStruck(input: {
  lane: Lane
  api: RunningServer
  server: Mortal
  name: string
  blows?: typeof nobody
}): Promise<StruckRun> {
  const { lane, api, server, name, blows = nobody } = input
  const worker = lane.takeWorker(() => undefined)
  const { sessionId, target } = await lane.create({ name, story: 'short', forge: 'local' })
  const token = (await readFile(api.tokenPath, 'utf8')).trim()
  const person = watchSession({ url: api.url ?? '', token, sessionId })
  const isFinished = (): boolean => person.shown.some(({ body }) => body.type === 'session-finished')
  const deaths: SessionRun['deaths'] = []
  const startedAt = performance.now()
  try {
    worker.begin([])
    for (const { afterMs, blow } of blows) {
      await delay(afterMs)
      if (isFinished()) break
      server.strike(blow)
      deaths.push({ at: null, head: person.shown.length })
      await Promise.all([server.rise(), lookUntilWell(person.look)])
    }
    await person.until(isFinished, deadlineMs)
    const durationMs = performance.now() - startedAt
    const end = await drain(worker)
    const events = await lane.runtime.ports.log.read({ sessionId, after: 0 })
    await person.until((shown) => shown.length >= events.length, 60_000)
    return {
      name,
      events,
      shown: person.shown,
      acknowledged: worker.acknowledged,
      deaths,
      resumeMs: [],
      durationMs,
      appends: [worker.appends],
      driven: worker.driven,
      published: await target.look(),
      leftBehind: await leftBehind(lane.folder, lane.waiting()),
      troubles: worker.troubles(),
      refusals: person.refusals,
      surprises: person.surprises,
      end,
    }
  } catch (error) {
    throw new Error(`${name} with ${JSON.stringify(blows)}: ${String(error)}\n${worker.troubles().slice(-3_000)}`, { cause: error })
  } finally {
    person.leave()
    worker.kill()
  }
}

/** As a person does who loads the page again and again: from the blow until it is there, with at least one refusal in between. */
async function lookUntilWell(look: () => Promise<number>): Promise<void> {
  let wasRefused = false
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(30)) {
    const isWell = (await look()) === 200
    if (isWell && wasRefused) return
    wasRefused ||= !isWell
  }
  throw new Error(wasRefused ? 'the API did not recover' : 'the API did not notice that its database was struck down')
}

async function drain(worker: WorkerProcess): Promise<{ code: number | null; signal: string | null }> {
  worker.drain()
  const late = setTimeout(() => worker.kill(), 60_000)
  const end = await worker.exited
  clearTimeout(late)
  return end
}
