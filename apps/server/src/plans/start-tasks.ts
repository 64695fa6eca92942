// Starts the sessions of approved tasks, each once: a task whose process died in between finds its session by its id.

import type { ContextAdded, RepositoryRef } from '@slipway/core/events'
import type { Forge } from '@slipway/core/ports'
import { claimNotionTask } from '@slipway/store/notion-tasks'
import { notePlanTaskStarted, type PlanTaskRow, postponePlanTask, tasksOfPlans } from '@slipway/store/plan-tasks'
import { getPlan, type PlanRow } from '@slipway/store/plans'
import { createPeople } from '../auth/people.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { createSession, sessionIdFor } from '../intake/create-session.ts'
import type { Runtime } from '../runtime.ts'
import { requirementsText } from './ask-for-plan.ts'
import type { PlanRequest, PlanTask } from './plan-shapes.ts'
import { readPlan } from './read-plan.ts'
import { repositoryOf } from './repository-files.ts'
import { waitsFor } from './waits-for.ts'

type StartRuntime = Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>

/** How long a task that has to wait is left alone; what it waits for makes it due at once. */
const againMs = 5_000
const forgeDeadlineMs = 30_000

/** Starts the task, or notes what it waits for. */
export async function startTask(runtime: StartRuntime, row: PlanTaskRow, signal: AbortSignal): Promise<void> {
  const { pool } = runtime.store.database
  const wait = (reason: string) => postponePlanTask(pool, row, { waitsFor: reason, afterMs: againMs })
  const plan = await getPlan(pool, row.planId)
  if (plan === null || plan.droppedAt !== null) return
  const parts = readPlan(plan)
  const task = parts.tasks?.find(({ key }) => key === row.key)
  if (task === undefined) return wait('It is not a part of the plan any more.')
  if (!(await createPeople(pool).mayWork(plan.ownerId))) return wait('Its owner may not start sessions any more.')
  if (parts.newRepository !== null) return wait('The repository has to be made first.')
  if (parts.request.repository === null) return wait('The plan has no repository yet. Name one, or have one made.')
  const others = await dependencies(runtime, plan, parts.tasks ?? [], task)
  const reason = row.isForced ? null : waitsFor(others)
  if (reason !== null) return wait(reason)
  try {
    const base = await baseFor(runtime, plan, parts.request, others, signal)
    if (!base.ok) return wait(base.message)
    const sessionId = await begin(runtime, { plan, task, row, request: parts.request, base, others })
    await notePlanTaskStarted(pool, row, sessionId)
    runtime.logger.info({ plan: plan.id, task: task.key, sessionId }, 'a task of a plan began a session')
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error
    await wait(error.message)
  }
}

export interface Dependency {
  title: string
  isApproved: boolean
  sessionId: string | null
  status: 'running' | 'waiting' | 'done' | null
  outcome: string | null
}

async function dependencies({ store }: StartRuntime, plan: PlanRow, tasks: PlanTask[], task: PlanTask): Promise<Dependency[]> {
  const rows = new Map((await tasksOfPlans(store.database.pool, [plan.id])).map((row) => [row.key, row]))
  return Promise.all(
    tasks
      .filter(({ key }) => task.dependsOn.includes(key))
      .map(async ({ key, title }) => {
        const row = rows.get(key)
        const session = row?.sessionId ? await store.sessions.get(row.sessionId) : null
        return {
          title,
          isApproved: row?.approvedAt != null,
          sessionId: session?.id ?? null,
          status: session?.status ?? null,
          outcome: session?.outcome ?? null,
        }
      }),
  )
}

type Base = { ok: true; branch: string | null; missing: string[] }

/** The branch of the last dependency that is still in review, so that the task finds its work; else the repository's own. */
async function baseFor(
  runtime: StartRuntime,
  plan: PlanRow,
  request: PlanRequest,
  others: Dependency[],
  signal: AbortSignal,
): Promise<Base | { ok: false; message: string }> {
  const parsed = repositoryOf(request, plan.ownerId, runtime.settings)
  if (!parsed.ok) return parsed
  const found = runtime.ports.forges.for(parsed.repository, plan.ownerId)
  if (!found.ok) return found
  const open: string[] = []
  for (const { sessionId } of others) {
    const branch = sessionId === null ? null : await pushedBranch(runtime, sessionId)
    if (branch === null) continue
    const looked = await isInReview(found.forge, parsed.repository, branch, AbortSignal.any([signal, AbortSignal.timeout(forgeDeadlineMs)]))
    if (!looked.ok) return looked
    if (looked.isOpen) open.push(branch)
  }
  const last = open.at(-1)
  return { ok: true, branch: last ?? request.base, missing: open.slice(0, -1) }
}

async function pushedBranch({ store }: StartRuntime, sessionId: string): Promise<string | null> {
  const { rows } = await store.database.pool.query<{ branch: string }>(
    `select body ->> 'branch' as branch from events where session_id = $1 and type = 'change-request-opened' order by seq desc limit 1`,
    [sessionId],
  )
  return rows[0]?.branch ?? null
}

async function isInReview(
  forge: Forge,
  repository: RepositoryRef,
  branch: string,
  signal: AbortSignal,
): Promise<{ ok: true; isOpen: boolean } | { ok: false; message: string }> {
  const found = await forge.findChangeRequest({ repository, branch, signal })
  return found.ok ? { ok: true, isOpen: found.changeRequest?.state === 'open' } : found
}

interface Beginning {
  plan: PlanRow
  task: PlanTask
  row: PlanTaskRow
  request: PlanRequest
  base: Base
  others: Dependency[]
}

async function begin(runtime: StartRuntime, beginning: Beginning): Promise<string> {
  const { plan, task, row, request, base } = beginning
  const person = { id: plan.personId, ownerId: plan.ownerId }
  const idempotencyKey = `plan ${plan.id} ${task.key}`
  if (row.pageId !== null && plan.dataSourceId !== null)
    await claimNotionTask(runtime.store.database.pool, {
      sessionId: sessionIdFor(person, idempotencyKey),
      ownerId: plan.ownerId,
      dataSourceId: plan.dataSourceId,
      pageId: row.pageId,
      round: 1,
      url: row.pageUrl ?? '',
      title: task.title,
      seenComments: [],
    })
  const started = await createSession(
    { ...runtime.ports, settings: runtime.settings, person },
    {
      request: {
        task: `${task.title}\n\n${task.description}`,
        title: task.title,
        repository: request.repository ?? '',
        base: base.branch ?? undefined,
        model: request.model ?? undefined,
        autonomy: request.autonomy,
        sandbox: request.sandbox ?? undefined,
        checks: request.checks,
        budgetUsd: request.budgetUsd ?? undefined,
      },
      source: 'plan',
      ref: plan.id,
      context: contextOf(beginning),
      folder: null,
      idempotencyKey,
      wake: 'now',
    },
  )
  return started.sessionId
}

/** What a page of Notion became stays other people's text, also after a model has rewritten it. */
function contextOf({ plan, task, base }: Beginning): ContextAdded[] {
  const { requirements } = readPlan(plan)
  const files =
    task.files.length === 0 ? [] : [`Files that the plan expects to be touched:\n${task.files.map((path) => `- ${path}`).join('\n')}`]
  const stacked = base.missing.map((branch) => `The work on the branch ${branch} is still in review and not a part of this work tree.`)
  const text = [
    `This is one task of the plan “${plan.title}”. Do this task only.`,
    ...(requirements === null ? [] : [requirementsText(requirements)]),
    ...files,
    ...stacked,
  ].join('\n\n')
  return [{ type: 'context-added', origin: 'plan', trust: plan.source === 'notion' ? 'untrusted' : 'trusted', text, ref: plan.pageUrl }]
}
