// What people do with plans. Everything is read and written as the person, so that somebody else's plan does not exist.

import { titleOf } from '@slipway/connectors/notion/page-values'
import { readPageMarkdown } from '@slipway/connectors/notion/page-markdown'
import { approvePlanTasks, tasksOfPlans } from '@slipway/store/plan-tasks'
import * as stored from '@slipway/store/plans'
import type { PersonStore } from '@slipway/store/person-store'
import type { z } from 'zod'
import type { Person } from '../auth/person.ts'
import type { changePlan, createPlan, Plan } from '../contract/plan-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { chooseRoles } from '../intake/choose-roles.ts'
import { refuseOthersScript } from '../intake/refuse-others-files.ts'
import { notionError, type NotionAccess, valueOrThrow } from '../notion/notion-access.ts'
import { idFrom } from '../runtime/ids.ts'
import type { Runtime } from '../runtime.ts'
import { type NewRepository, type PlanRequest, planRequestSchema, type PlanTask, planTasksSchema } from './plan-shapes.ts'
import { cannotDeploy, renamedLink } from './project-link.ts'
import { type PlanParts, readPlan } from './read-plan.ts'
import { repositoryOf } from './repository-files.ts'
import { viewPlan } from './view-plan.ts'

export type PlanRuntime = Pick<Runtime, 'store' | 'ports' | 'settings' | 'accounts'>
type CreateBody = z.infer<typeof createPlan.body>
type ChangeBody = z.infer<typeof changePlan.body>

export interface PlanParty {
  runtime: PlanRuntime
  person: Person
}

const longestIdea = 60_000

/** The plan of this key when there is one; the model begins to read as soon as a worker is free. */
export async function makePlan(
  party: PlanParty,
  access: NotionAccess,
  { body, key }: { body: CreateBody; key: string | null },
  signal: AbortSignal,
): Promise<Plan> {
  const { runtime, person } = party
  const store = runtime.store.as(person.ownerId)
  const id = key === null ? runtime.ports.ids.next() : idFrom(`create plan ${person.ownerId} ${key}`)
  const known = key === null ? null : await stored.getPlan(store, id)
  if (known !== null) return viewPlan(store, runtime.accounts, known)
  const { repository = null, base = null, model = null, autonomy = 'plan', sandbox = null, checks = [], budgetUsd = null } = body
  const request = planRequestSchema.parse({ repository, base, model, autonomy, sandbox, checks, budgetUsd })
  checkRepository(party, request)
  checkNewRepository(party, body.newRepository ?? null)
  const [models, idea] = await Promise.all([modelsFor(party, request), readIdea(party, access, body, signal)])
  await stored.insertPlan(store, {
    id,
    ownerId: person.ownerId,
    personId: person.id,
    title: firstLine(idea.title),
    idea: idea.text,
    source: idea.page === null ? body.source : 'notion',
    pageId: idea.page?.id ?? null,
    pageUrl: idea.page?.url ?? null,
    request,
    ...models,
    newRepository: body.newRepository ?? null,
  })
  return showPlan(party, id)
}

export async function showPlan({ runtime, person }: PlanParty, id: string): Promise<Plan> {
  const store = runtime.store.as(person.ownerId)
  return viewPlan(store, runtime.accounts, await planOf(store, id))
}

/** Throws not-found for what does not exist and for what is somebody else's. */
export async function planOf(store: PersonStore, id: string): Promise<stored.PlanRow> {
  const plan = await stored.getPlan(store, id)
  if (plan === null) throw new SlipwayError('not-found', `There is no plan ${id.slice(0, 40)}. \`slipway plan list\` lists those you have.`)
  return plan
}

export async function changePlanAs(party: PlanParty, id: string, body: ChangeBody): Promise<Plan> {
  const { runtime, person } = party
  const store = runtime.store.as(person.ownerId)
  const plan = await planOf(store, id)
  const parts = readPlan(plan)
  const request = body.request === undefined ? undefined : planRequestSchema.parse({ ...parts.request, ...definedOf(body.request) })
  if (body.tasks !== undefined) await refuseChangedTasks(store, plan, body.tasks)
  if (request !== undefined) checkRepository(party, request)
  checkNewRepository(party, body.newRepository ?? null)
  const isOther = request !== undefined && request.model !== parts.request.model
  // A proposal that was approved already may be made at any moment.
  if (body.newRepository !== undefined && parts.newRepository !== null && plan.repositoryAsked !== null && plan.repositoryProblem === null)
    throw new SlipwayError('conflict', 'The repository is being made as it was approved. Wait for it, or drop the plan.')
  const change: stored.PlanChange = {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.requirements === undefined ? {} : { requirements: body.requirements }),
    ...(body.tasks === undefined ? {} : { tasks: body.tasks }),
    ...nextOf(parts, body),
    ...(request === undefined ? {} : { request }),
    ...(isOther ? await modelsFor(party, request) : {}),
  }
  insist(await stored.changePlan(store, { id, version: body.version, change }))
  return showPlan(party, id)
}

export async function askAs(
  party: PlanParty,
  id: string,
  body: { version: number; for: 'requirements' | 'tasks'; wish?: string | undefined },
): Promise<Plan> {
  const store = party.runtime.store.as(party.person.ownerId)
  const plan = await planOf(store, id)
  if (body.for === 'tasks' && plan.requirements === null)
    throw new SlipwayError('conflict', 'There are no requirements yet. Ask for them first, or write them yourself.')
  if (await hasApproved(store, id))
    throw new SlipwayError(
      'conflict',
      'Tasks of this plan are approved, so it is not planned anew. Change the others by hand, or make another plan.',
    )
  insist(await stored.askForPlan(store, { id, version: body.version, asked: body.for, wish: body.wish ?? null }))
  return showPlan(party, id)
}

export async function stopAs(party: PlanParty, id: string): Promise<Plan> {
  const store = party.runtime.store.as(party.person.ownerId)
  await planOf(store, id)
  await stored.stopAsking(store, id)
  return showPlan(party, id)
}

export async function approveAs(
  party: PlanParty,
  id: string,
  body: { version: number; tasks?: string[] | undefined; startAnyway: boolean },
): Promise<Plan> {
  const store = party.runtime.store.as(party.person.ownerId)
  const { tasks } = readPlan(await planOf(store, id))
  if (tasks === null || tasks.length === 0) throw new SlipwayError('conflict', 'The plan has no tasks yet. Ask for them first.')
  const known = tasks.map(({ key }) => key)
  const unknown = body.tasks?.find((key) => !known.includes(key))
  if (unknown !== undefined) throw new SlipwayError('usage', `The plan has no task ${unknown}. It has ${known.join(', ')}.`)
  const keys = body.tasks ?? known
  const approved = { planId: id, version: body.version, keys, by: party.person.id, isForced: body.startAnyway }
  insist(await approvePlanTasks(store, approved))
  return showPlan(party, id)
}

export async function dropAs({ runtime, person }: PlanParty, id: string): Promise<void> {
  const store = runtime.store.as(person.ownerId)
  await planOf(store, id)
  await stored.dropPlan(store, id)
}

/** Throws a conflict that says what to do when a change did not fit the plan any more. */
export function insist(isDone: boolean): void {
  if (isDone) return
  throw new SlipwayError('conflict', 'The plan has changed since, or the model is at work on it. Look at it again, then decide.')
}

async function hasApproved(store: PersonStore, id: string): Promise<boolean> {
  return (await tasksOfPlans(store, [id])).some(({ approvedAt, pageId }) => approvedAt !== null || pageId !== null)
}

/** What was approved was approved as it is. */
async function refuseChangedTasks(store: PersonStore, plan: stored.PlanRow, wanted: PlanTask[]): Promise<void> {
  const { tasks } = readPlan(plan)
  for (const row of await tasksOfPlans(store, [plan.id])) {
    const before = tasks?.find(({ key }) => key === row.key)
    const after = wanted.find(({ key }) => key === row.key)
    if (row.approvedAt === null && !(row.pageId !== null && after === undefined)) continue
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) continue
    const why = row.approvedAt === null ? 'has a row in Notion' : 'is approved'
    throw new SlipwayError(
      'conflict',
      `“${before?.title ?? row.key}” ${why}, so it stays as it is. Speak to its session instead, or add another task.`,
    )
  }
  const checked = planTasksSchema.safeParse(wanted)
  if (!checked.success) throw new SlipwayError('usage', `tasks: ${checked.error.issues[0]?.message ?? 'are not valid'}`)
}

function checkRepository({ runtime, person }: PlanParty, request: PlanRequest): void {
  if (request.repository === null) return
  const parsed = repositoryOf(request, person.ownerId, runtime.settings)
  if (!parsed.ok) throw new SlipwayError('usage', parsed.message)
}

function checkNewRepository({ runtime }: PlanParty, wanted: NewRepository | null): void {
  if (wanted === null || wanted.vercelProject === null) return
  const reason = cannotDeploy(runtime.settings, wanted.forge)
  if (reason !== null) throw new SlipwayError('usage', reason)
}

/** What is proposed about a repository. A plan that goes elsewhere leaves the project of its earlier one. */
function nextOf({ request, projectLink }: PlanParts, body: ChangeBody): Pick<stored.PlanChange, 'newRepository'> {
  if (body.newRepository !== undefined) return { newRepository: body.newRepository }
  if (body.vercelProject !== undefined) return { newRepository: renamedLink(projectLink, body.vercelProject) }
  const isElsewhere = body.request?.repository !== undefined && body.request.repository !== request.repository
  return projectLink !== null && isElsewhere ? { newRepository: null } : {}
}

/** Throws SlipwayError when no model can be used. */
async function modelsFor({ runtime, person }: PlanParty, { model }: PlanRequest): Promise<{ thinker: unknown; codeModel: string }> {
  const { settings, ports } = runtime
  const usual = Object.values(settings.roles ?? {}).flatMap((role) => [role.model, ...(role.fallback === null ? [] : [role.fallback])])
  refuseOthersScript(person, [model ?? ''], usual)
  const roles = await chooseRoles({ model, fallback: null, folder: null, settings, lookup: ports.model })
  return { thinker: roles.plan, codeModel: roles.code.model }
}

interface Idea {
  title: string
  text: string
  page: { id: string; url: string } | null
}

async function readIdea(
  { person }: PlanParty,
  access: NotionAccess,
  { idea, notionPageId }: CreateBody,
  signal: AbortSignal,
): Promise<Idea> {
  if (notionPageId === undefined) return { title: idea ?? '', text: idea ?? '', page: null }
  const { client } = await access.of(person.ownerId)
  const page = valueOrThrow(await client.getPage(notionPageId, signal))
  if (page.isGone) throw new SlipwayError('conflict', 'The page is archived or in the trash. Restore it in Notion, then try again.')
  const read = await readPageMarkdown(client, page.id, signal)
  if (!read.ok) throw notionError(read)
  const whole = `# ${titleOf(page)}\n\n${read.markdown}`.trim()
  const isShort = whole.length <= longestIdea && !read.isCut
  const text = isShort ? whole : `${whole.slice(0, longestIdea).toWellFormed()}\n\n(The page is longer than this.)`
  return { title: titleOf(page), text, page: { id: page.id, url: page.url } }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0]?.replace(/\s+/g, ' ').trim() ?? ''
  return line === '' ? 'Untitled' : line.length <= 100 ? line : `${line.slice(0, 99).trimEnd()}…`
}

function definedOf(given: NonNullable<ChangeBody['request']>): Partial<PlanRequest> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
