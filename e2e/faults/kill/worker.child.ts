// A worker process as the product starts it, with one difference: it can be told to kill itself right before or right after
// one of its appends, its clock can be set, and it can be frozen at certain places. File descriptor 3 tells what was acknowledged, written at once so that a kill cannot take it back.

import { writeSync } from 'node:fs'
import { drive } from '@slipway/agent/drive'
import type { SessionEvent } from '@slipway/core/events'
import type { EventLog } from '@slipway/core/ports'
import { openRuntime } from '@slipway/server/runtime'
import { readSettings } from '@slipway/server/settings'
import { setClockAhead } from '@slipway/store/testing/settable-clock'
import { reapOrphans } from '@slipway/server/worker/reap-orphans'
import { startWorker } from '@slipway/server/worker/worker'
import { holdCalls, openHolds, type Holds } from './holds.ts'
import { openLateClock } from './late-clock.ts'
import { setAhead } from './set-ahead.ts'
import { storyOf } from './story.ts'
import { nameAppend, type ClockJump, type FromWorker, type HoldPlace, type KillAtAppend, type ToWorker } from './worker-messages.ts'

const read = readSettings(process.env)
if (!read.ok) throw new Error(read.problems.join('\n'))
const { settings } = read
const runtime = await openRuntime(settings, { keepsSpareSandbox: true })
const { ports, store, logger } = runtime

function tell(message: FromWorker): void {
  writeSync(3, `${JSON.stringify(message)}\n`)
}

interface Fate {
  kills: KillAtAppend[]
  jumps: ClockJump[]
  holds: Holds
}

function mortalLog(log: EventLog, { kills, jumps, holds }: Fate): EventLog {
  const answered = new Map<string, number>()
  const count = (sessionId: string, events: SessionEvent[]): void => {
    const more = events.filter(({ body }) => body.type === 'model-responded').length
    answered.set(sessionId, (answered.get(sessionId) ?? 0) + more)
  }
  return {
    async read(input) {
      const events = await log.read(input)
      if (input.after === 0) answered.delete(input.sessionId)
      // One that stands still in a command needs no place of its own.
      if (events.some(({ body }) => body.type === 'session-created' && storyOf(body.task.text) === 'slow')) holds.exempt(input.sessionId)
      count(input.sessionId, events)
      return events
    },
    async append(input) {
      const append = nameAppend(
        input.events.map(({ body }) => body),
        answered.get(input.sessionId) ?? 0,
      )
      tell({ kind: 'appends', append })
      await holds.pass(input.sessionId, `before ${append}`)
      const kill = kills.find((one) => one.append === append)
      if (kill?.when === 'before') die(kill)
      const appending = log.append(input)
      if (kill && typeof kill.when === 'object') setTimeout(() => die(kill), kill.when.afterMs)
      const result = await appending
      if (!result.ok) return result
      count(input.sessionId, result.events)
      tell({ kind: 'acknowledged', events: result.events, fence: input.lease?.fence ?? null })
      await holds.pass(input.sessionId, `after ${append}`)
      if (kill) die(kill)
      await jump(jumps, append)
      return result
    },
  }
}

async function jump(jumps: ClockJump[], after: string | null): Promise<void> {
  for (const { aheadMs, of } of jumps.filter((one) => one.after === after)) {
    if (of === 'database') await setClockAhead(store.database.pool, aheadMs)
    else setAhead(aheadMs)
  }
}

function die(kill: KillAtAppend): void {
  tell({ kind: 'dies', kill })
  process.kill(process.pid, 'SIGKILL')
}

async function begin({ kills, jumps, places }: { kills: KillAtAppend[]; jumps: ClockJump[]; places: HoldPlace[] }): Promise<void> {
  const holds = openHolds(places, (place) => tell({ kind: 'holds', place }))
  const late = openLateClock(ports.clock)
  let isRetired = false
  await jump(jumps, null)
  void reapOrphans(runtime).catch((error: unknown) => logger.error({ err: error }, 'reaping failed'))
  const worker = startWorker({
    ports: holdCalls({ ...ports, clock: late.clock, log: mortalLog(ports.log, { kills, jumps, holds }) }, holds),
    leases: { ...store.leases, claim: async (input) => (isRetired ? null : store.leases.claim(input)) },
    drive,
    workerId: runtime.workerId,
    ...settings.worker,
    onDriven: (_sessionId, result) =>
      tell({ kind: 'driven', result: result.kind, error: result.kind === 'failed' ? String(result.error) : null }),
    onTrouble: (error) => logger.error({ err: error }, 'worker trouble'),
  })
  const settle = async (): Promise<void> => {
    while (worker.active().length > 0) await ports.clock.sleep(20)
    tell({ kind: 'settled' })
  }
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'retire' || message.kind === 'freeze') {
      isRetired = true
      late.lose()
      tell({ kind: 'retired' })
    }
    if (message.kind === 'freeze') {
      process.kill(process.pid, 'SIGSTOP')
      holds.release()
    }
    if (message.kind === 'settle') void settle()
    if (message.kind === 'drain')
      void worker.drain().then(async () => {
        await runtime.close()
        process.exit(0)
      })
  })
}

process.once('message', (message: ToWorker) => {
  if (message.kind === 'begin') void begin({ ...message, places: message.holds })
})
process.on('disconnect', () => process.exit(1))
tell({ kind: 'ready' })
