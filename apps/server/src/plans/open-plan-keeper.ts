// What plans need while nobody looks: the model's work, and the start of tasks whose turn it is. Runs in every process that works
// on sessions; the database decides which of them does what.

import { createOutbox } from '@slipway/store/outbox'
import { claimPlanTask, hurryPlanTasks, postponePlanTask } from '@slipway/store/plan-tasks'
import { createPlanWork } from '@slipway/store/plan-work'
import type { PlanRow } from '@slipway/store/plans'
import type { NotionAccess } from '../notion/notion-access.ts'
import { runOutbox } from '../outbox/run-outbox.ts'
import type { Runtime } from '../runtime.ts'
import { hearSessions } from '../runtime/hear-sessions.ts'
import { runLoop } from '../runtime/run-loop.ts'
import { repositoryWrite } from './ask-for-repository.ts'
import { projectLinker } from './link-project.ts'
import { repositoryMaker } from './make-repository.ts'
import { lookAtPlanPage, planRowWriter } from './notion-rows.ts'
import { projectWrite } from './project-link.ts'
import { startTask } from './start-tasks.ts'
import { think } from './think.ts'

export interface PlanKeeper {
  close(): Promise<void>
}

const usualLookMs = 1_000
const mostAtOnce = 4
const startLeaseMs = 60_000
const againAfterTroubleMs = 10_000
const trouble = 'Something went wrong; the server’s log says what. It is tried again.'

export function openPlanKeeper(
  runtime: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger' | 'accounts'>,
  notion: NotionAccess,
  { lookEveryMs = usualLookMs }: { lookEveryMs?: number } = {},
): PlanKeeper {
  const { store, ports, settings, logger } = runtime
  const { pool } = store.database
  const work = createPlanWork(pool)
  const { leaseMs, heartbeatMs } = settings.worker
  const closing = new AbortController()
  const underWay = new Set<Promise<void>>()
  const onTrouble = (error: unknown) => logger.error({ err: error }, 'trouble with plans')

  /** Ends the call when the plan goes to another process, or a person takes the question back. */
  async function hold(plan: PlanRow, done: AbortSignal, lost: AbortController): Promise<void> {
    while (!done.aborted) {
      await ports.clock.sleep(heartbeatMs, done)
      if (done.aborted) return
      const isMine = await work.renew(plan, leaseMs).catch(() => true)
      if (!isMine) return lost.abort()
    }
  }

  async function thinkHeld(plan: PlanRow): Promise<void> {
    const done = new AbortController()
    const lost = new AbortController()
    const holding = hold(plan, done.signal, lost)
    try {
      await think({ runtime, work, plan, signal: AbortSignal.any([closing.signal, lost.signal]) })
    } catch (error) {
      onTrouble(error)
      await work.postpone(plan, { afterMs: againAfterTroubleMs, problem: trouble }).catch(onTrouble)
    } finally {
      done.abort()
      await holding
    }
  }

  const thinking = runLoop({
    clock: ports.clock,
    everyMs: lookEveryMs,
    onTrouble,
    async step() {
      if (underWay.size >= mostAtOnce) return false
      const plan = await work.claim({ leaseMs })
      if (plan === null) return false
      const one = thinkHeld(plan).finally(() => {
        underWay.delete(one)
        thinking.nudge()
      })
      underWay.add(one)
      return true
    },
  })
  const starting = runLoop({
    clock: ports.clock,
    everyMs: lookEveryMs,
    onTrouble,
    async step(signal) {
      const row = await claimPlanTask(pool, { leaseMs: startLeaseMs })
      if (row === null) return false
      await startTask(runtime, row, signal).catch(async (error: unknown) => {
        // What breaks off because the server ends is no trouble; the task comes back when its lease has run out.
        if (signal.aborted) throw error
        onTrouble(error)
        await postponePlanTask(pool, row, { waitsFor: trouble, afterMs: againAfterTroubleMs })
      })
      return true
    },
  })
  const pages = runLoop({
    clock: ports.clock,
    everyMs: lookEveryMs,
    onTrouble,
    step: (signal) => lookAtPlanPage(runtime, notion, settings.notion.pollMs, signal),
  })
  const outbox = runOutbox({
    outbox: createOutbox(pool),
    clock: ports.clock,
    logger,
    lookEveryMs,
    handlers: {
      'plan-row': planRowWriter(runtime, notion),
      [repositoryWrite]: repositoryMaker(runtime),
      [projectWrite]: projectLinker(runtime),
    },
  })
  const news = hearSessions({
    bus: ports.bus,
    async hear(sessionId, bodies) {
      if (!bodies.some(({ type }) => type === 'session-finished')) return
      await hurryPlanTasks(pool, sessionId)
      starting.nudge()
    },
    onTrouble,
  })

  return {
    async close() {
      closing.abort()
      await news.close()
      await Promise.all([thinking.close(), starting.close(), pages.close(), outbox.close(), ...underWay])
    },
  }
}
