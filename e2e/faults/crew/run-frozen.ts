// A worker is frozen in the middle of its sessions, another one takes over and finishes them, and the frozen one is woken.

import { setTimeout as delay } from 'node:timers/promises'
import type { Lane } from '../kill/lane.ts'
import { slowCommandBegan } from '../kill/story.ts'
import type { HoldPlace } from '../kill/worker-messages.ts'
import type { WorkerProcess } from '../kill/worker-process.ts'
import { runCrew, type CrewInput, type CrewRun } from './run-crew.ts'

export interface FreezeInput {
  sessions: CrewInput['sessions']
  /** Where sessions stand still before the freeze, or how long after its begin the worker is frozen wherever it is. */
  at: HoldPlace[] | { afterMs: number }
  /**
   * alone: right after its leases ran out, before there is another worker. meanwhile: as soon as the other one has written to every
   * session. afterwards: when all have ended.
   */
  wake: 'alone' | 'meanwhile' | 'afterwards'
  deadlineMs: number
}

/** The deaths of each session have one entry, for the freeze. */
export interface FrozenRun extends CrewRun {
  /** Null: the sessions had ended before. */
  woken: Woken | null
}

interface Woken {
  /** Events that it appended, by what it was told. */
  appended: string[]
  /** What it asked of the model's provider and changed at GitHub after it was woken. */
  modelCalls: number
  changes: string[]
  /** How the drives ended in which it was woken. */
  endings: string[]
}

const leaseMs = 4_000

/** Runs them all to their end. */
export async function runFrozen(lane: Lane, { sessions, at, wake, deadlineMs }: FreezeInput): Promise<FrozenRun> {
  const places = Array.isArray(at) ? at : []
  const slowCalls = watchSlowCalls(lane, () => check())
  const wanted = sessions.filter(({ story }) => story === 'slow').length
  const workers: WorkerProcess[] = []
  const ended = Promise.withResolvers<void>()
  let check: () => void = () => undefined

  /** Looked at again with everything that the workers tell. */
  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      check = () => {
        if (condition()) resolve()
      }
      check()
    })
  }

  async function moment(worker: WorkerProcess): Promise<void> {
    if (Array.isArray(at)) await until(() => worker.holds.length === places.length && slowCalls.began() >= wanted)
    else await delay(at.afterMs)
  }

  async function freezeAndWake(worker: WorkerProcess, another: () => void): Promise<Woken | null> {
    const isLate = await Promise.race([moment(worker), ended.promise.then(() => 'late' as const)])
    if (isLate) return null
    await worker.freeze()
    const left = sessions.length - worker.acknowledged.filter(({ body }) => body.type === 'session-finished').length
    if (wake === 'alone') await delay(leaseMs)
    else another()
    if (wake === 'afterwards') await ended.promise
    if (wake === 'meanwhile') await until(() => new Set(workers.at(-1)?.acknowledged.map(({ sessionId }) => sessionId)).size >= left)
    const heads = await readHeads(lane)
    const before = lane.account.effects()
    const drives = worker.driven.length
    await worker.thaw()
    const after = lane.account.effects()
    if (wake === 'alone') another()
    return {
      appended: worker.acknowledged.filter(({ sessionId, seq }) => seq > (heads.get(sessionId) ?? 0)).map(({ body }) => body.type),
      modelCalls: after.modelCalls - before.modelCalls,
      changes: after.changes.slice(before.changes.length),
      endings: worker.driven.slice(drives),
    }
  }

  const waking: Promise<Woken | null>[] = []
  try {
    const crew = await runCrew(lane, {
      sessions,
      workers: 1,
      deadlineMs,
      holds: places,
      // The other one keeps the usual lease: a busy machine is to cost nobody else's.
      variables: { ...lane.account.variables, SLIPWAY_LEASE_SECONDS: String(leaseMs / 1_000) },
      attend(worker, another) {
        workers.push(worker)
        if (waking.length === 0) waking.push(freezeAndWake(worker, another))
      },
      onChange: () => check(),
      async ended() {
        ended.resolve()
        await waking[0]
      },
    })
    return { ...crew, woken: (await waking[0]) ?? null }
  } finally {
    slowCalls.close()
  }
}

/** Of all sessions: the worker may have been frozen between an append and hearing that it was stored. */
async function readHeads(lane: Lane): Promise<Map<string, number>> {
  const { rows } = await lane.runtime.store.database.pool.query<{ id: string; head: number }>('select id, head from sessions')
  return new Map(rows.map(({ id, head }) => [id, head]))
}

/** How many slow commands are under way, by what viewers see of them. */
function watchSlowCalls(lane: Lane, onChange: () => void): { began(): number; close(): void } {
  const texts = new Map<string, string>()
  const unsubscribe = lane.runtime.ports.bus.subscribe(null, (message) => {
    if (message.kind !== 'delta') return
    const { callId, sessionId, text } = message.delta
    const key = `${sessionId} ${callId}`
    texts.set(key, (texts.get(key) ?? '') + text)
    onChange()
  })
  return { began: () => [...texts.values()].filter((text) => text.includes(`${slowCommandBegan}\n`)).length, close: unsubscribe }
}
