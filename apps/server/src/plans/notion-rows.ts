// A plan's tasks as rows of a database of Notion: each is made once, and looked for before it is made a second time.

import { readAll, type NotionClient } from '@slipway/connectors/notion/notion-client'
import type { NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { NotionDataSource, NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { isSameProperty } from '@slipway/connectors/notion/notion-id'
import { readPageMarkdown } from '@slipway/connectors/notion/page-markdown'
import { textAsValue, titleOf } from '@slipway/connectors/notion/page-values'
import { toRichText } from '@slipway/connectors/notion/rich-text'
import { getNotionDatabase } from '@slipway/store/notion-databases'
import type { OutboxEntry } from '@slipway/store/outbox'
import { approvePlanTaskByPage, claimPlanPage, notePlanPage, planTaskOfPage, tasksOfPlans } from '@slipway/store/plan-tasks'
import { changePlanAndWrite, getPlan } from '@slipway/store/plans'
import { z } from 'zod'
import type { Plan } from '../contract/plan-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { defaultsSchema, mappingOf, type NotionMapping, statusesSchema } from '../notion/mapping.ts'
import type { NotionAccess } from '../notion/notion-access.ts'
import { readDatabase, textOf } from '../notion/read-tasks.ts'
import { addOptions, connectDatabase } from '../notion/set-up.ts'
import type { Written } from '../outbox/run-outbox.ts'
import type { Runtime } from '../runtime.ts'
import { insist, planOf, type PlanParty, showPlan } from './plan-service.ts'
import type { PlanTask } from './plan-shapes.ts'
import { readPlan } from './read-plan.ts'

const payloadSchema = z.object({
  planId: z.string(),
  key: z.string(),
  dataSourceId: z.string(),
  title: z.string(),
  /** null: the row is made without a status. */
  status: z.string().nullable(),
})

const mostAlike = 100
const notYet = /not started|backlog|to.?do|planned|draft|idea|open/i
const plannedOption = 'Planned'

/** Puts a row for each task that has none into the outbox. Throws SlipwayError that says what the database lacks. */
export async function tellNotionOfPlan(
  party: PlanParty,
  access: NotionAccess,
  id: string,
  body: { version: number; databaseId: string },
  signal: AbortSignal,
): Promise<Plan> {
  const { runtime, person } = party
  const store = runtime.store.as(person.ownerId)
  const plan = await planOf(store, id)
  const { tasks } = readPlan(plan)
  if (tasks === null) throw new SlipwayError('conflict', 'The plan has no tasks yet. Ask for them first.')
  const rows = await tasksOfPlans(store, [id])
  const { client } = await access.of(person.ownerId)
  const mapping = await mappingFor(party, client, body.databaseId, signal)
  if (plan.dataSourceId !== null && plan.dataSourceId !== mapping.dataSourceId && rows.some(({ pageId }) => pageId !== null))
    throw new SlipwayError('conflict', 'The plan has its rows in another database of Notion already. Use that one.')
  const status = await statusOfPlanned(client, mapping, signal)
  const written = new Set(rows.flatMap(({ key, pageId }) => (pageId === null ? [] : [key])))
  const writes = tasks
    .filter(({ key }) => !written.has(key))
    .map(({ key, title }) => ({
      key: `plan-row ${id} ${key} ${mapping.dataSourceId}`,
      kind: 'plan-row',
      payload: { planId: id, key, dataSourceId: mapping.dataSourceId, title, status } satisfies z.infer<typeof payloadSchema>,
    }))
  const set = { dataSourceId: mapping.dataSourceId }
  const { pool } = runtime.store.database
  insist(await changePlanAndWrite(pool, { id, ownerId: person.ownerId, version: body.version, set, writes }))
  return showPlan(party, id)
}

async function mappingFor(
  { runtime, person }: PlanParty,
  client: NotionClient,
  databaseId: string,
  signal: AbortSignal,
): Promise<NotionMapping> {
  const source = await readDatabase(client, databaseId, signal)
  const stored = await getNotionDatabase(runtime.store.as(person.ownerId), { ownerId: person.ownerId, dataSourceId: source.id })
  if (stored !== null) return mappingOf(stored)
  const usual = { fields: {}, statuses: statusesSchema.parse({}), defaults: defaultsSchema.parse({}), allowedPeople: [] }
  return connectDatabase({ runtime, client, person }, { ...usual, databaseId: source.id, isQueue: false, addMissing: false }, signal)
}

/** An option that starts nothing: Ready would. */
async function statusOfPlanned(client: NotionClient, mapping: NotionMapping, signal: AbortSignal): Promise<string | null> {
  const source = await readDatabase(client, mapping.dataSourceId, signal)
  const options = optionsOf(source, mapping)
  const states = new Set<string>(Object.values(mapping.statuses))
  const found = options.find((name) => !states.has(name) && notYet.test(name))
  if (found !== undefined) return found
  if (mapping.fields.status.type === 'select') return null
  await addOptions(client, source, mapping.fields, [plannedOption], { mayAdd: true, signal })
  return plannedOption
}

function optionsOf({ properties }: NotionDataSource, { fields }: NotionMapping): string[] {
  return (properties.find(({ id }) => isSameProperty(id, fields.status.id))?.options ?? []).map(({ name }) => name)
}

type RowRuntime = Pick<Runtime, 'store' | 'logger'>

/** Makes one row. `mayBeDone`: an earlier try may have made it. */
export function planRowWriter(runtime: RowRuntime, access: NotionAccess) {
  const { pool } = runtime.store.database

  return async function write(entry: OutboxEntry, { mayBeDone, signal }: { mayBeDone: boolean; signal: AbortSignal }): Promise<Written> {
    const payload = payloadSchema.parse(entry.payload)
    const row = { planId: payload.planId, key: payload.key, ownerId: entry.ownerId }
    const fail = async (message: string, how: { isFinal: boolean; retryAfterMs?: number | null }): Promise<Written> => {
      await notePlanPage(pool, { ...row, page: null, problem: message })
      return { ok: false, message, isFinal: how.isFinal, retryAfterMs: how.retryAfterMs ?? null }
    }
    const plan = await getPlan(pool, payload.planId)
    const task = plan === null ? undefined : readPlan(plan).tasks?.find(({ key }) => key === payload.key)
    if (plan === null || plan.droppedAt !== null || task === undefined)
      return { ok: false, isFinal: true, message: 'The plan or the task is not there any more.', retryAfterMs: null }
    const [stored, notion] = await Promise.all([
      getNotionDatabase(pool, { ownerId: entry.ownerId, dataSourceId: payload.dataSourceId }),
      access.find(entry.ownerId),
    ])
    if (stored === null) return fail('The database is not connected any more. Connect it again in Slipway.', { isFinal: true })
    if (notion === null) return fail('No account at Notion is connected. Connect one in Settings → Connections.', { isFinal: false })
    const mapping = mappingOf(stored)
    const made = await makeRow(notion.client, { mapping, plan, task, payload, mayBeDone }, signal)
    if (!made.ok) return fail(made.message, { isFinal: isFinal(made), retryAfterMs: made.retryAfterMs })
    await notePlanPage(pool, { ...row, page: { id: made.value.id, url: made.value.url }, problem: null })
    return { ok: true, answer: { pageId: made.value.id } }
  }
}

function isFinal({ problem }: NotionFailure): boolean {
  return problem === 'refused' || problem === 'forbidden' || problem === 'not-found' || problem === 'gone'
}

interface Row {
  mapping: NotionMapping
  plan: { id: string; title: string; request: unknown }
  task: PlanTask
  payload: z.infer<typeof payloadSchema>
  mayBeDone: boolean
}

type Made = { ok: true; value: Pick<NotionPage, 'id' | 'url'> } | NotionFailure

async function makeRow(client: NotionClient, row: Row, signal: AbortSignal): Promise<Made> {
  const found = row.mayBeDone ? await findRow(client, row, signal) : null
  if (found !== null) return found
  const { mapping, task, payload } = row
  const { title, status } = mapping.fields
  const properties = {
    [title.id]: { title: toRichText(payload.title) },
    ...(payload.status === null ? {} : { [status.id]: textAsValue(status, payload.status) }),
    ...repositoryValue(row),
  }
  return client.createPage({ dataSourceId: mapping.dataSourceId, properties, children: blocksOf(row.plan.id, task) }, signal)
}

function repositoryValue({ mapping: { fields }, plan }: Row): Record<string, unknown> {
  const { repository } = z.object({ repository: z.string().nullable() }).parse(plan.request)
  if (fields.repository === null || repository === null) return {}
  const value = textAsValue(fields.repository, repository)
  return value === null ? {} : { [fields.repository.id]: value }
}

/** null: there is none, so it was not made. */
async function findRow(client: NotionClient, { mapping, task, plan, payload }: Row, signal: AbortSignal): Promise<Made | null> {
  const filter = { property: mapping.fields.title.id, title: { equals: payload.title } }
  const alike = await readAll((cursor) => client.queryDataSource({ id: mapping.dataSourceId, filter, cursor }, signal), mostAlike)
  if (!alike.ok) return alike
  const signature = signatureOf(plan.id, task.key)
  for (const page of alike.items) {
    if (titleOf(page) !== payload.title) continue
    const read = await readPageMarkdown(client, page.id, signal)
    if (!read.ok) return read
    // Marks of Markdown are escaped in what is read.
    if (read.markdown.replaceAll('\\', '').includes(signature)) return { ok: true, value: page }
  }
  return null
}

function signatureOf(planId: string, key: string): string {
  return `Slipway plan ${planId} task ${key}`
}

function blocksOf(planId: string, task: PlanTask): Record<string, unknown>[] {
  const { description, files, dependsOn, minutes, size } = task
  const paragraphs = [
    ...description.split(/\n{2,}/).slice(0, 60),
    ...(files.length === 0 ? [] : [`Files: ${files.join(', ')}`]),
    ...(dependsOn.length === 0 ? [] : [`After: ${dependsOn.join(', ')}`]),
    `Estimate: ${size}, ${minutes.low} to ${minutes.high} minutes`,
    signatureOf(planId, task.key),
  ]
  return paragraphs.map((text) => ({ object: 'block', type: 'paragraph', paragraph: { rich_text: toRichText(text) } }))
}

/** A page that was set to ready approves its task. `taken`: the page is a task of a plan that has not started, so it starts nothing else. */
export async function approveByPage(
  { store, logger }: RowRuntime,
  input: { ownerId: string; pageId: string; isReady: boolean },
): Promise<{ isTaken: boolean }> {
  const { pool } = store.database
  const row = await planTaskOfPage(pool, input)
  if (row === null || row.sessionId !== null) return { isTaken: false }
  const plan = await getPlan(pool, row.planId)
  if (plan === null || plan.droppedAt !== null) return { isTaken: false }
  if (input.isReady && (await approvePlanTaskByPage(pool, row)))
    logger.info({ plan: row.planId, task: row.key }, 'approved by its page in Notion')
  return { isTaken: true }
}

/** Looks at the rows of databases that are no queues. True: there was one to look at. */
export async function lookAtPlanPage(runtime: RowRuntime, access: NotionAccess, pollMs: number, signal: AbortSignal): Promise<boolean> {
  const { pool } = runtime.store.database
  const row = await claimPlanPage(pool, pollMs)
  if (row === null) return false
  const plan = await getPlan(pool, row.planId)
  const notion = await access.find(row.ownerId)
  if (plan?.dataSourceId == null || notion === null || row.pageId === null) return true
  const stored = await getNotionDatabase(pool, { ownerId: row.ownerId, dataSourceId: plan.dataSourceId })
  const page = await notion.client.getPage(row.pageId, signal)
  if (stored === null || !page.ok || page.value.isGone) return true
  const mapping = mappingOf(stored)
  const isReady = textOf(page.value, mapping.fields.status) === mapping.statuses.ready
  await approveByPage(runtime, { ownerId: row.ownerId, pageId: row.pageId, isReady })
  return true
}
