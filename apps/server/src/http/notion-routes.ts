// What answers Notion's part of the contract.

import type { FastifyInstance } from 'fastify'
import { listNotionDatabases, removeNotionDatabase, getNotionDatabase } from '@slipway/store/notion-databases'
import { notionSessionsOf, notionTaskOf, waitingNotionWrite } from '@slipway/store/notion-tasks'
import { planTaskOfPage } from '@slipway/store/plan-tasks'
import { loadState } from '../actions/access.ts'
import type { Person } from '../auth/person.ts'
import { portsFor } from '../auth/ports-for.ts'
import * as contract from '../contract/notion-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { defaultsSchema, mappingOf, type NotionMapping, standsFor, statusesSchema } from '../notion/mapping.ts'
import { type NotionAccess, notionError, valueOrThrow } from '../notion/notion-access.ts'
import { readDatabase, readDatabases, readTask, readTasks } from '../notion/read-tasks.ts'
import { connectDatabase, createDatabases, mappingForPage } from '../notion/set-up.ts'
import { sortTasks } from '../notion/sort-tasks.ts'
import { startTask } from '../notion/start-task.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'
import { untilGone } from './until-gone.ts'

export function addNotionRoutes(app: FastifyInstance, runtime: Runtime, access: NotionAccess): void {
  const { store } = runtime

  handle(app, contract.listNotionDatabases, async ({ person, reply }) => {
    const { client } = await access.of(person.ownerId)
    const { databases, isComplete } = await readDatabases(client, untilGone(reply))
    const connected = new Map((await listNotionDatabases(store.as(person.ownerId))).map((each) => [each.dataSourceId, each]))
    const rows = databases.map(({ id, databaseId, title, url, properties }) => {
      const known = connected.get(id)
      const fields = properties.map((property) => ({ id: property.id, name: property.name, fits: standsFor(property) }))
      const facts = { isQueue: known?.isQueue ?? false, problem: known?.problem ?? null, properties: fields }
      return { id, databaseId, title: title || 'Untitled', url, ...facts }
    })
    return { databases: rows, isComplete }
  })

  handle(app, contract.listNotionTasks, async ({ query, person, reply }) => {
    const { client } = await access.of(person.ownerId)
    const signal = untilGone(reply)
    const database = await readDatabase(client, query.database_id, signal)
    const stored = await getNotionDatabase(store.as(person.ownerId), { ownerId: person.ownerId, dataSourceId: database.id })
    const statuses = stored === null ? statusesSchema.parse({}) : mappingOf(stored).statuses
    const { tasks, isComplete } = await readTasks(client, database, signal)
    const sessions = await sessionsOf(person, tasks)
    return { tasks: sortTasks(tasks, statuses).map((task) => ({ ...task, sessionId: sessions.get(task.id) ?? null })), isComplete }
  })

  handle(app, contract.showNotionTask, async ({ params, person, reply }) => {
    const { client } = await access.of(person.ownerId)
    const task = await readTask(client, params.page_id, untilGone(reply))
    return { ...task, sessionId: (await sessionsOf(person, [task])).get(task.id) ?? null }
  })

  handle(app, contract.startNotionTask, async ({ params, body, person, reply }) => {
    const { client } = await access.of(person.ownerId)
    const signal = untilGone(reply)
    const page = valueOrThrow(await client.getPage(params.page_id, signal))
    if (page.isGone) throw new SlipwayError('conflict', 'The page is archived or in the trash. Restore it in Notion, then try again.')
    const planned = await planTaskOfPage(store.as(person.ownerId), { ownerId: person.ownerId, pageId: page.id })
    if (planned !== null && planned.sessionId === null)
      throw new SlipwayError(
        'conflict',
        'The page is a task of a plan. Approve it there, or set it to Ready; it starts when it is its turn.',
      )
    const mapping = await mappingForPage({ runtime, client, person }, page, signal)
    const started = await startTask({ runtime, client }, { mapping, page, request: body, again: 'ended' }, signal)
    if (!started.ok) throw notionError(started)
    return { sessionId: started.sessionId, isNew: started.isNew }
  })

  handle(app, contract.listNotionConnections, async ({ person }) => ({
    connections: (await listNotionDatabases(store.as(person.ownerId))).map((stored) => view(mappingOf(stored))),
  }))

  handle(app, contract.connectNotionDatabase, async ({ body, person, reply }) => {
    const { client } = await access.of(person.ownerId)
    return view(await connectDatabase({ runtime, client, person }, withDefaults(body), untilGone(reply)))
  })

  handle(app, contract.createNotionDatabases, async ({ body, person, reply }) => {
    const { client } = await access.of(person.ownerId)
    const made = await createDatabases({ runtime, client, person }, withDefaults(body), untilGone(reply))
    return { connection: view(made.tasks), routinesUrl: made.routinesUrl }
  })

  handle(app, contract.disconnectNotionDatabase, async ({ params, person }) => {
    if (!(await removeNotionDatabase(store.as(person.ownerId), params.id)))
      throw new SlipwayError('not-found', 'You have connected no database with this id. `slipway notion databases` lists those you have.')
    return { disconnected: true }
  })

  handle(app, contract.sessionNotionPage, async ({ params, person }) => {
    await loadState(portsFor(runtime, person), params.id)
    const view = store.as(person.ownerId)
    const task = await notionTaskOf(view, params.id)
    if (task === null) return { page: null }
    const { pageId, title, url, writtenAt } = task
    const stored = await getNotionDatabase(view, task)
    const statuses: Record<string, string> = stored === null ? statusesSchema.parse({}) : mappingOf(stored).statuses
    const problem = task.problem ?? (await waitingNotionWrite(view, params.id))
    return { page: { pageId, title, url, status: task.state === null ? null : (statuses[task.state] ?? null), writtenAt, problem } }
  })

  function sessionsOf(person: Person, tasks: { id: string }[]): Promise<Map<string, string>> {
    return notionSessionsOf(
      store.as(person.ownerId),
      tasks.map(({ id }) => id),
    )
  }
}

function withDefaults<Body extends { statuses: object; defaults: object }>(body: Body) {
  return { ...body, statuses: statusesSchema.parse(body.statuses), defaults: defaultsSchema.parse(body.defaults) }
}

function view({ ownerId: _owner, personId: _person, ...mapping }: NotionMapping) {
  return mapping
}
