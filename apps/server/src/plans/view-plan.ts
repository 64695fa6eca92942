// A plan as people are shown it: what was written, and what became of each task.

import type { Accounts } from '@slipway/core/accounts'
import { notionDatabaseTitle } from '@slipway/store/notion-databases'
import type { PersonStore } from '@slipway/store/person-store'
import { type PlanTaskRow, tasksOfPlans } from '@slipway/store/plan-tasks'
import { callsOfPlans } from '@slipway/store/plan-work'
import type { PlanRow } from '@slipway/store/plans'
import { readFacts, readNewest } from '@slipway/store/session-facts'
import type { SessionRow } from '@slipway/store/sessions'
import type { Plan, PlanSummary, PlanTaskView } from '../contract/plan-routes.ts'
import { estimateCost } from '../workbench/estimate-cost.ts'
import { describeNewRepository, makersOf } from './new-repository.ts'
import type { PlanTask } from './plan-shapes.ts'
import { deployerName, describeProject } from './project-link.ts'
import { type PlanParts, readPlan } from './read-plan.ts'
import { costOf, estimateOf } from './task-costs.ts'
import { thinkerSchema } from './plan-shapes.ts'

interface Progress {
  rows: Map<string, PlanTaskRow>
  sessions: Map<string, SessionRow>
}

const finishedStates = new Set<PlanTaskView['state']>(['in-review', 'done'])

/** `store` shows what is the person's and nothing else. */
export async function viewPlan(store: PersonStore, accounts: Accounts, plan: PlanRow): Promise<Plan> {
  const parts = readPlan(plan)
  const [progress, calls, estimate, notionTitle] = await Promise.all([
    progressOf(store, [plan.id]),
    callsOfPlans(store, [plan.id]),
    estimateCost(store, plan.codeModel),
    plan.dataSourceId === null ? null : notionDatabaseTitle(store, plan.dataSourceId),
  ])
  const mine = progress.get(plan.id) ?? nothing
  const [questions, ends] = await Promise.all([questionsOf(store, mine), endsOf(store, mine)])
  const tasks = parts.tasks?.map((task): PlanTaskView => {
    const view = viewTask(task, mine)
    const waitsFor = view.waitsFor ?? questions.get(view.sessionId ?? '') ?? null
    const problem = view.state === 'failed' ? (ends.get(view.sessionId ?? '') ?? null) : null
    return { ...task, ...view, waitsFor, problem, cost: costOf(task.size, estimate) }
  })
  const { idea, pageUrl, version } = plan
  return {
    ...summaryOf(plan, parts, mine),
    version,
    idea,
    pageUrl,
    request: parts.request,
    model: thinkerSchema.parse(plan.thinker).model,
    requirements: parts.requirements,
    tasks: tasks ?? null,
    estimate: estimateOf(parts.tasks ?? [], estimate),
    cost: {
      micros: calls.reduce((sum, { costMicros }) => sum + (costMicros ?? 0), 0),
      calls: calls.length,
      isLowerBound: calls.some(({ costMicros, endedAt }) => endedAt !== null && costMicros === null),
    },
    newRepository: await repositoryOf(plan, parts, accounts),
    deployment: await deploymentOf(plan, parts, accounts),
    notion: plan.dataSourceId === null ? null : { dataSourceId: plan.dataSourceId, title: notionTitle },
  }
}

export async function viewPlans(store: PersonStore, plans: PlanRow[]): Promise<PlanSummary[]> {
  const progress = await progressOf(
    store,
    plans.map(({ id }) => id),
  )
  return plans.map((plan) => summaryOf(plan, readPlan(plan), progress.get(plan.id) ?? nothing))
}

const nothing: Progress = { rows: new Map(), sessions: new Map() }

async function progressOf(store: PersonStore, planIds: string[]): Promise<Map<string, Progress>> {
  const rows = await tasksOfPlans(store, planIds)
  const ids = rows.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId]))
  const sessions = new Map((await store.sessions.some(ids)).map((session) => [session.id, session]))
  return new Map(
    planIds.map((id) => [id, { rows: new Map(rows.filter(({ planId }) => planId === id).map((row) => [row.key, row])), sessions }]),
  )
}

/** What the sessions ask that wait for an answer, by their ids. */
async function questionsOf(store: PersonStore, { sessions }: Progress): Promise<Map<string, string>> {
  const asking = [...sessions.values()].filter(({ openAsks }) => openAsks.length > 0)
  const facts = await Promise.all(asking.map(({ id }) => readFacts(store, { sessionId: id, types: ['human-asked'] })))
  return new Map(facts.flat().flatMap(({ sessionId, body }) => (body.type === 'human-asked' ? [[sessionId, body.question]] : [])))
}

/** What the sessions said that failed or were stopped, by their ids. */
async function endsOf(store: PersonStore, { sessions }: Progress): Promise<Map<string, string>> {
  const failed = [...sessions.values()].filter(isFailed)
  const ends = await Promise.all(failed.map(({ id }) => readNewest(store, { sessionId: id, type: 'session-finished' })))
  return new Map(failed.flatMap(({ id }, index) => (ends[index] ? [[id, ends[index].summary]] : [])))
}

function isFailed({ outcome }: SessionRow): boolean {
  return outcome === 'failed' || outcome === 'stopped'
}

function viewTask({ key }: PlanTask, { rows, sessions }: Progress) {
  const row = rows.get(key)
  const session = row?.sessionId ? (sessions.get(row.sessionId) ?? null) : null
  const state = stateOf(row, session)
  return {
    state,
    waitsFor: state === 'waiting' ? (row?.waitsFor ?? null) : null,
    sessionId: row?.sessionId ?? null,
    outcome: session?.outcome ?? null,
    spentMicros: session?.costMicros ?? null,
    page: row?.pageId || row?.pageProblem ? { url: row.pageUrl, problem: row.pageProblem } : null,
  }
}

function stateOf(row: PlanTaskRow | undefined, session: SessionRow | null): PlanTaskView['state'] {
  if (row?.approvedAt == null) return 'draft'
  if (session === null) return 'waiting'
  if (session.status === 'running') return 'working'
  if (session.status === 'waiting') return 'needs-person'
  if (isFailed(session)) return 'failed'
  return session.outcome === 'nothing-to-do' ? 'done' : 'in-review'
}

function summaryOf(plan: PlanRow, parts: PlanParts, progress: Progress): PlanSummary {
  const { id, title, source, problem, createdAt, updatedAt } = plan
  const states = (parts.tasks ?? []).map((task) => viewTask(task, progress).state)
  return {
    id,
    title,
    state: planState(plan, parts, states),
    source,
    repository: parts.request.repository,
    problem,
    progress: {
      tasks: states.length,
      approved: states.filter((state) => state !== 'draft').length,
      finished: states.filter((state) => finishedStates.has(state)).length,
      needPerson: states.filter((state) => state === 'needs-person' || state === 'failed').length,
    },
    createdAt,
    updatedAt,
  }
}

function planState(plan: PlanRow, { requirements, tasks }: PlanParts, states: PlanTaskView['state'][]): PlanSummary['state'] {
  if (plan.droppedAt !== null) return 'dropped'
  if (plan.asked !== null) return plan.asked === 'requirements' ? 'reading' : 'planning'
  if (tasks !== null && states.some((state) => state !== 'draft'))
    return states.every((state) => finishedStates.has(state)) ? 'done' : 'approved'
  if (plan.problem !== null) return 'failed'
  if (tasks !== null) return 'planned'
  return requirements === null ? 'failed' : 'read'
}

async function repositoryOf(plan: PlanRow, { newRepository }: PlanParts, accounts: Accounts): Promise<Plan['newRepository']> {
  if (newRepository === null) return null
  const effect = describeNewRepository(plan.id, newRepository, await makersOf(accounts, plan.ownerId, newRepository))
  const state = plan.repositoryProblem !== null ? 'failed' : plan.repositoryAsked === null ? 'proposed' : 'making'
  return { ...newRepository, effect, state, problem: plan.repositoryProblem }
}

async function deploymentOf(plan: PlanRow, { projectLink: link }: PlanParts, accounts: Accounts): Promise<Plan['deployment']> {
  if (link === null) return null
  const { project, problem, asked, isLinked } = link
  const state = isLinked ? 'linked' : problem !== null ? 'failed' : asked === null ? 'proposed' : 'making'
  const effect = isLinked ? null : describeProject(plan.id, link, await deployerName(accounts, plan.ownerId))
  return { project, state, problem, effect }
}
