// Follows the logs of sessions that came from pages, and makes the writes that are due, each once.

import type { NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { SessionEvent } from '@slipway/core/events'
import { getNotionDatabase } from '@slipway/store/notion-databases'
import {
  hasEarlierNotionWrite,
  noteNotionProblem,
  noteNotionState,
  notionTaskOf,
  type NotionTask,
  tellNotion,
  untoldNotionTasks,
} from '@slipway/store/notion-tasks'
import { createOutbox, type OutboxEntry } from '@slipway/store/outbox'
import { z } from 'zod'
import { idFrom } from '../runtime/ids.ts'
import type { Runtime } from '../runtime.ts'
import { mappingOf, stateNames } from './mapping.ts'
import type { NotionAccess } from './notion-access.ts'
import { reportOf } from './page-report.ts'
import { writePage } from './write-page.ts'

interface WriteBacks {
  /** Turns what was appended since the last look into writes. */
  tell(): Promise<void>
  /** Makes the writes that are due; returns how many were begun. */
  write(signal: AbortSignal): Promise<number>
}

const behindMs = 1_000
const firstRetryMs = 2_000
const longestRetryMs = 300_000

const payloadSchema = z.object({
  seq: z.int(),
  pageId: z.string(),
  dataSourceId: z.string(),
  report: z.object({
    seq: z.int(),
    state: z.enum(stateNames).nullable(),
    comment: z.string().nullable(),
    values: z.object({
      changeRequest: z.string().exactOptional(),
      cost: z.string().exactOptional(),
      summary: z.string().exactOptional(),
      deployment: z.string().exactOptional(),
    }),
  }),
})
type Payload = z.infer<typeof payloadSchema>

export function openWriteBacks(runtime: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>, access: NotionAccess): WriteBacks {
  const { store, ports, settings, logger } = runtime
  const { pool } = store.database
  const outbox = createOutbox(pool)
  // A write of a process that died is begun again after this, and one that lives has given up before.
  const leaseMs = 2 * settings.worker.leaseMs
  const writeTimeoutMs = 0.8 * leaseMs

  async function tellOne(task: NotionTask): Promise<void> {
    const events = await ports.log.read({ sessionId: task.sessionId, after: 0 })
    const head = events.at(-1)?.seq ?? 0
    const url = settings.http.publicUrl === null ? null : `${settings.http.publicUrl}/sessions/${task.sessionId}`
    const report = reportOf(events, task.toldSeq, url)
    const payload: Payload | null = report && { seq: report.seq, pageId: task.pageId, dataSourceId: task.dataSourceId, report }
    await tellNotion(pool, { task, toldSeq: head, write: payload && { key: `notion ${task.sessionId} ${payload.seq}`, payload } })
  }

  async function writeOne(entry: OutboxEntry, signal: AbortSignal): Promise<void> {
    const { sessionId } = entry
    const payload = payloadSchema.parse(entry.payload)
    const task = sessionId === null ? null : await notionTaskOf(pool, sessionId)
    if (task === null) return outbox.giveUp(entry, 'The session does not come from a page any more.')
    if (task.problem !== null) return outbox.giveUp(entry, task.problem)
    if (await hasEarlierNotionWrite(pool, { sessionId: task.sessionId, seq: payload.seq }))
      return outbox.postpone(entry, { afterMs: behindMs, error: 'An earlier write to the page comes first.' })
    const [stored, account] = await Promise.all([getNotionDatabase(pool, task), access.find(task.ownerId)])
    if (stored === null)
      return fail(entry, task, disconnected('The database is not connected any more. Connect it again in Slipway.', 'gone'))
    if (account === null)
      return fail(entry, task, disconnected('No account at Notion is connected. Connect one in Settings → Connections.', 'auth'))
    const mapping = mappingOf(stored)
    const result = await writePage(
      account.client,
      {
        mapping,
        pageId: task.pageId,
        sessionId: task.sessionId,
        report: payload.report,
        writtenState: stateNames.find((name) => name === task.state) ?? null,
        isRepeated: entry.attempts > 1,
      },
      AbortSignal.any([signal, AbortSignal.timeout(writeTimeoutMs)]),
    )
    if (!result.ok) return fail(entry, task, result)
    const { state } = result
    // Whoever hears that the page was written looks at once what it says.
    await noteNotionState(pool, { sessionId: task.sessionId, state: state ?? task.state })
    if (result.changed || entry.attempts > 1)
      await appendDone(task, entry.key, payload.seq, { what: state === null ? 'deployment' : mapping.statuses[state], url: result.url })
    await outbox.finish(entry, { url: result.url })
  }

  /** What may pass is tried again; what cannot is said where the task is shown. The session goes on either way. */
  async function fail(entry: OutboxEntry, task: NotionTask, failure: NotionFailure): Promise<void> {
    logger.warn({ sessionId: task.sessionId, problem: failure.problem, message: failure.message }, 'a page of Notion was not written')
    switch (failure.problem) {
      case 'rate-limit':
      case 'network':
      case 'conflict':
        return outbox.postpone(entry, { afterMs: failure.retryAfterMs ?? backOffMs(entry.attempts), error: failure.message })
      case 'auth':
        return outbox.postpone(entry, { afterMs: longestRetryMs, error: failure.message })
      case 'forbidden':
      case 'not-found':
      case 'gone':
      case 'refused':
        await noteNotionProblem(pool, { sessionId: task.sessionId, problem: failure.message })
        return outbox.giveUp(entry, failure.message)
    }
  }

  /** Once for each write, also when the process died right after it. */
  async function appendDone(task: NotionTask, key: string, seq: number, told: { what: string; url: string }): Promise<void> {
    const id = idFrom(`write-back ${key}`)
    for (let after = seq; ; ) {
      const since: SessionEvent[] = await ports.log.read({ sessionId: task.sessionId, after })
      if (since.some((event) => event.id === id)) return
      const head = since.at(-1)?.seq ?? after
      const at = new Date(ports.clock.now()).toISOString()
      const body = { type: 'write-back-done' as const, target: `Notion: ${told.what}`, url: told.url }
      const events = [{ id, at, actor: { kind: 'system' as const, id: 'notion' }, body }]
      const result = await ports.log.append({ sessionId: task.sessionId, events, expectedSeq: head, lease: null, wake: 'no' })
      if (result.ok) return
      if (result.kind !== 'conflict') throw new Error(`the log refused a write-back: ${result.kind}`)
      after = head
    }
  }

  return {
    async tell() {
      for (const task of await untoldNotionTasks(pool, 100)) await tellOne(task)
    },
    async write(signal) {
      for (let begun = 0; ; begun++) {
        const entry = signal.aborted ? null : await outbox.claim({ kinds: ['notion'], leaseMs })
        if (entry === null) return begun
        await writeOne(entry, signal)
      }
    },
  }
}

function backOffMs(attempts: number): number {
  return Math.min(firstRetryMs * 2 ** Math.min(attempts - 1, 10), longestRetryMs)
}

function disconnected(message: string, problem: 'gone' | 'auth'): NotionFailure {
  return { ok: false, problem, message, retryAfterMs: null, isAnswerLost: false }
}
