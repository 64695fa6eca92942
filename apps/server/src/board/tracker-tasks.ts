// What there is to do in a repository and has no session of its own yet: tasks of plans, and pages of connected databases of Notion.

import type { NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { titleOf } from '@slipway/connectors/notion/page-values'
import { listNotionDatabases } from '@slipway/store/notion-databases'
import { notionSessionsOf } from '@slipway/store/notion-tasks'
import type { Queryable } from '@slipway/store/person-store'
import { tasksOfPlans } from '@slipway/store/plan-tasks'
import { listPlans, type PlanRow } from '@slipway/store/plans'
import { mappingOf, type NotionMapping, type Statuses } from '../notion/mapping.ts'
import { textOf } from '../notion/read-tasks.ts'
import { isOver } from '../notion/sort-tasks.ts'
import { readPlan } from '../plans/read-plan.ts'
import type { NotionPages } from './notion-pages.ts'

const MOST_PLANS = 100
const MOST_TASKS = 300

export interface TrackerTask {
  /** Names it on the board. */
  id: string
  title: string
  status: 'todo' | 'doing' | 'done'
  source: 'plan' | 'notion'
  /** Which plan or database it belongs to. */
  from: string
  /** Of the plan in Slipway, or of the page in Notion. */
  url: string
  /** The page's state in its own words, or what a plan's task waits for. */
  note: string | null
}

export interface TrackerTasks {
  tasks: TrackerTask[]
  problems: string[]
}

export interface TrackerInput {
  /** Shows the person's rows only. */
  store: Queryable
  repository: string
  /** The same address for everything that means one repository. */
  addressOf(repository: string): string
  notionPages: NotionPages
  /** Of the sessions that the board shows by themselves. */
  shownSessions: ReadonlySet<string>
}

/** Plans first. A task that is a plan's and a page at once is there once. */
export async function readTrackerTasks(input: TrackerInput): Promise<TrackerTasks> {
  const [planned, noted] = await Promise.all([plannedTasks(input), notedTasks(input)])
  const tasks = [...planned.tasks, ...noted.tasks.filter(({ id }) => !planned.pages.has(id))]
  return { tasks: tasks.slice(0, MOST_TASKS), problems: noted.problems }
}

/** `pages`: those of Notion that are tasks of plans. */
async function plannedTasks(input: TrackerInput): Promise<{ tasks: TrackerTask[]; pages: Set<string> }> {
  const plans = await listPlans(input.store, MOST_PLANS)
  const rows = await tasksOfPlans(
    input.store,
    plans.map(({ id }) => id),
  )
  const rowOf = new Map(rows.map((row) => [`${row.planId} ${row.key}`, row]))
  const tasks = plans.filter((plan) => isOf(input, readPlan(plan).request.repository)).flatMap((plan) => openTasks(plan, rowOf))
  return { tasks, pages: new Set(rows.flatMap(({ pageId }) => (pageId === null ? [] : [pageId]))) }
}

function openTasks(plan: PlanRow, rowOf: Map<string, { sessionId: string | null; waitsFor: string | null }>): TrackerTask[] {
  return (readPlan(plan).tasks ?? []).flatMap(({ key, title }) => {
    const id = `${plan.id} ${key}`
    const row = rowOf.get(id)
    if (row?.sessionId != null) return []
    const task = { id, title, status: 'todo', source: 'plan', from: plan.title, url: `/plans/${plan.id}` } as const
    return [{ ...task, note: row?.waitsFor ?? null }]
  })
}

async function notedTasks(input: TrackerInput): Promise<TrackerTasks> {
  const databases = (await listNotionDatabases(input.store)).map(mappingOf)
  // Where pages name no repository and the database is of another one, there is nothing to ask for.
  const wanted = databases.filter(({ fields, defaults }) => fields.repository !== null || isOf(input, defaults.repository))
  const found = await Promise.all(wanted.map((database) => pagesOf(input, database)))
  return { tasks: found.flatMap(({ tasks }) => tasks), problems: found.flatMap(({ problems }) => problems) }
}

async function pagesOf(input: TrackerInput, database: NotionMapping): Promise<TrackerTasks> {
  const { pages, problem } = await input.notionPages(database)
  const named = pages.filter((page) => isOf(input, textOf(page, database.fields.repository) ?? database.defaults.repository))
  const sessions = await notionSessionsOf(
    input.store,
    named.map(({ id }) => id),
  )
  const free = named.filter(({ id }) => !input.shownSessions.has(sessions.get(id) ?? ''))
  return { tasks: free.map((page) => taskOf(page, database)), problems: problem === null ? [] : [problem] }
}

function taskOf(page: NotionPage, { fields, statuses, title }: NotionMapping): TrackerTask {
  const note = textOf(page, fields.status)
  return {
    id: page.id,
    title: titleOf(page) || 'Untitled',
    status: statusOf(note, statuses),
    source: 'notion',
    from: title,
    url: page.url,
    note,
  }
}

function statusOf(name: string | null, statuses: Statuses): TrackerTask['status'] {
  if (isOver(name, statuses)) return 'done'
  const { inProgress, inReview, blocked } = statuses
  return [inProgress, inReview, blocked].some((state) => state.toLowerCase() === name?.trim().toLowerCase()) ? 'doing' : 'todo'
}

function isOf({ addressOf, repository }: TrackerInput, named: string | null): boolean {
  return named !== null && addressOf(named) === addressOf(repository)
}
