// Notion as a queue: looks for pages that are ready, for comments, and for what has to be written back. Runs in every process that
// works on sessions; the database decides which of them does what.

import { readAll } from '@slipway/connectors/notion/notion-client'
import type { NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { claimNotionDatabase, listNotionDatabases, noteNotionLook } from '@slipway/store/notion-databases'
import { claimNotionComments, latestNotionTask, noteNotionProblem, type NotionTask } from '@slipway/store/notion-tasks'
import { titleOf } from '@slipway/connectors/notion/page-values'
import { hasUntoldPlanRow } from '@slipway/store/plans'
import { createPeople } from '../auth/people.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { approveByPage } from '../plans/notion-rows.ts'
import type { Runtime } from '../runtime.ts'
import { mappingOf, type NotionMapping } from './mapping.ts'
import type { NotionAccess, NotionOfPerson } from './notion-access.ts'
import { readComments } from './read-comments.ts'
import { textOf } from './read-tasks.ts'
import { isReadyAgain, startTask } from './start-task.ts'
import { openWriteBacks } from './write-backs.ts'

export interface NotionQueue {
  /** Everything that is due, once; for tests and for those who do not want to wait. */
  look(): Promise<void>
  /** Something happened to the page: what it means is looked at now, whatever the timetable says. */
  noticePage(pageId: string): Promise<void>
  close(): Promise<void>
}

type QueueRuntime = Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>

const tickMs = 1_000
const mostReady = 100
const commentsAtOnce = 20

/** `pollMs`: how long a database or a page's comments rest between two looks. `isLooking`: false leaves every look to `look`. */
export function openNotionQueue(
  runtime: QueueRuntime,
  access: NotionAccess,
  options: { pollMs: number; isLooking?: boolean },
): NotionQueue {
  const { store, ports, logger } = runtime
  const { pool } = store.database
  const closing = new AbortController()
  const people = createPeople(pool)
  const writeBacks = openWriteBacks(runtime, access)

  async function lookAtDatabases(): Promise<void> {
    const looked = new Set<string>()
    for (;;) {
      const stored = closing.signal.aborted ? null : await claimNotionDatabase(pool, options.pollMs)
      // One that is due again already is for the next look.
      if (stored === null || looked.has(`${stored.ownerId} ${stored.dataSourceId}`)) return
      looked.add(`${stored.ownerId} ${stored.dataSourceId}`)
      const mapping = mappingOf(stored)
      const problem = await lookAt(mapping)
      if (problem !== null) logger.warn({ database: mapping.title, problem: problem.message }, 'a queue in Notion was not read')
      await noteNotionLook(pool, { ...mapping, problem: problem?.message ?? null, againInMs: problem?.retryAfterMs ?? null })
    }
  }

  async function lookAt(mapping: NotionMapping): Promise<Pick<NotionFailure, 'message' | 'retryAfterMs'> | null> {
    if (!(await people.mayWork(mapping.ownerId))) return say('Its owner may not start sessions any more.')
    const notion = await access.find(mapping.ownerId)
    if (notion === null) return say('No account at Notion is connected. Connect one in Settings → Connections.')
    const { status } = mapping.fields
    const filter = { property: status.id, [status.type]: { equals: mapping.statuses.ready } }
    const sorts = [{ timestamp: 'created_time', direction: 'ascending' }]
    const ready = await readAll(
      (cursor) => notion.client.queryDataSource({ id: mapping.dataSourceId, filter, sorts, cursor }, closing.signal),
      mostReady,
    )
    if (!ready.ok) return ready
    let problem: Pick<NotionFailure, 'message' | 'retryAfterMs'> | null = null
    for (const page of ready.items) problem = (await consider(notion, mapping, page)) ?? problem
    return problem
  }

  /** The page starts a session when it is ready, has none, or was made ready again after its last one. */
  async function consider(
    notion: NotionOfPerson,
    mapping: NotionMapping,
    listed: NotionPage,
  ): Promise<Pick<NotionFailure, 'message' | 'retryAfterMs'> | null> {
    const last = await latestNotionTask(pool, { ownerId: mapping.ownerId, pageId: listed.id })
    const session = last === null ? null : await store.sessions.get(last.sessionId)
    if (last !== null && session !== null && !isReadyAgain(last, session.status === 'done')) return null
    // Lists may lag behind; the page itself does not.
    const page = await notion.client.getPage(listed.id, closing.signal)
    if (!page.ok) return page
    if (page.value.isGone || textOf(page.value, mapping.fields.status) !== mapping.statuses.ready) return null
    const { isTaken } = await approveByPage(runtime, { ownerId: mapping.ownerId, pageId: page.value.id, isReady: true })
    if (isTaken) return null
    // A plan has made a row with this title, and its answer is still missing: it may be this page.
    if (await hasUntoldPlanRow(pool, { ...mapping, title: titleOf(page.value) })) return null
    try {
      const started = await startTask(
        { runtime, client: notion.client },
        { mapping, page: page.value, request: {}, again: 'ready' },
        closing.signal,
      )
      if (!started.ok) return started
      if (started.isNew) logger.info({ sessionId: started.sessionId, page: page.value.id }, 'a page of Notion began a session')
      return null
    } catch (error) {
      if (error instanceof SlipwayError) return say(error.message)
      throw error
    }
  }

  async function lookAtComments(): Promise<void> {
    const tasks = await claimNotionComments(pool, { limit: commentsAtOnce, againInMs: options.pollMs })
    if (tasks.length === 0) return
    const mappings = new Map(
      (await listNotionDatabases(pool)).map((stored) => [`${stored.ownerId} ${stored.dataSourceId}`, mappingOf(stored)]),
    )
    for (const task of tasks) {
      const mapping = mappings.get(`${task.ownerId} ${task.dataSourceId}`)
      if (mapping !== undefined) await listen(task, mapping)
    }
  }

  async function listen(task: NotionTask, mapping: NotionMapping): Promise<void> {
    const notion = await access.find(task.ownerId)
    if (notion === null || !(await people.mayWork(task.ownerId))) return
    const heard = await readComments(runtime, { notion, mapping, task }, closing.signal)
    if (!heard.ok && (heard.problem === 'not-found' || heard.problem === 'gone'))
      await noteNotionProblem(pool, { sessionId: task.sessionId, problem: heard.message })
  }

  async function look(): Promise<void> {
    for (const part of [lookAtDatabases, lookAtComments, writeBacks.tell, () => writeBacks.write(closing.signal)]) {
      if (closing.signal.aborted) return
      await part().catch((error: unknown) => logger.error({ err: error }, 'the queue in Notion'))
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await look()
      await ports.clock.sleep(tickMs, closing.signal)
    }
  }

  const running = options.isLooking === false ? Promise.resolve() : run()
  return {
    look,
    async noticePage(pageId) {
      for (const mapping of (await listNotionDatabases(pool)).map(mappingOf)) {
        const notion = await access.find(mapping.ownerId)
        const page = notion === null ? null : await notion.client.getPage(pageId, closing.signal)
        if (notion === null || page === null || !page.ok || page.value.dataSourceId !== mapping.dataSourceId) continue
        const mayStart = mapping.isQueue && (await people.mayWork(mapping.ownerId))
        if (mayStart && textOf(page.value, mapping.fields.status) === mapping.statuses.ready) await consider(notion, mapping, page.value)
        const task = await latestNotionTask(pool, { ownerId: mapping.ownerId, pageId: page.value.id })
        if (task !== null && task.problem === null) await listen(task, mapping)
      }
      await writeBacks.tell()
      await writeBacks.write(closing.signal)
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

function say(message: string): Pick<NotionFailure, 'message' | 'retryAfterMs'> {
  return { message, retryAfterMs: null }
}
