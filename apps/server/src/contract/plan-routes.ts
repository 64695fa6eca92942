// Plans: an idea becomes requirements, requirements become tasks, and approved tasks become sessions.

import { z } from 'zod'
import {
  newRepositorySchema,
  planRequestSchema,
  planTaskSchema,
  planTasksSchema,
  requirementsSchema,
  taskKey,
  vercelProjectName,
} from '../plans/plan-shapes.ts'
import { defineRoute } from './route.ts'
import { createSessionBody } from './session-routes.ts'
import { effectSchema } from './session-schemas.ts'

const planParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[0-9A-Za-z_-]+$/, 'is no plan id: letters, digits, _ and -'),
})
const shownHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be the hash that the plan shows')
  .meta({ description: 'Of the proposal as it was shown' })
const version = z.int().min(1).meta({ description: 'The version that the change was made on' })
const { model, base, checks, budgetUsd, autonomy, sandbox } = createSessionBody.shape
const repository = createSessionBody.shape.repository

const planState = z
  .enum(['reading', 'read', 'planning', 'planned', 'approved', 'done', 'failed', 'dropped'])
  .meta({ description: 'reading and planning: the model is at work; read: requirements are there; planned: tasks wait for approval' })

const taskState = z
  .enum(['draft', 'waiting', 'working', 'needs-person', 'in-review', 'done', 'failed'])
  .meta({ description: 'draft: not approved. waiting: approved. needs-person: its session waits for an answer. `waitsFor` says what for' })

const costRange = z.object({ lowMicros: z.int().nullable(), highMicros: z.int().nullable() })

const taskSchema = planTaskSchema.extend({
  state: taskState,
  waitsFor: z.string().nullable(),
  problem: z.string().nullable().meta({ description: 'What its session said at its end, when it failed or was stopped' }),
  cost: costRange,
  sessionId: z.string().nullable(),
  outcome: z.string().nullable(),
  spentMicros: z.int().nullable(),
  page: z.object({ url: z.string().nullable(), problem: z.string().nullable() }).nullable().meta({ description: 'Its row in Notion' }),
})

const summary = {
  id: z.string(),
  title: z.string(),
  state: planState,
  source: z.enum(['chat', 'cli', 'api', 'notion']),
  repository: z.string().nullable(),
  problem: z.string().nullable(),
  progress: z.object({
    tasks: z.int(),
    approved: z.int(),
    finished: z.int(),
    needPerson: z.int().meta({ description: 'Tasks whose session waits for somebody, failed or was stopped' }),
  }),
  createdAt: z.string(),
  updatedAt: z.string(),
}

export const planSchema = z.object({
  ...summary,
  version: z.int(),
  idea: z.string().meta({ description: 'As it was typed or read; it never changes' }),
  pageUrl: z.string().nullable(),
  request: planRequestSchema,
  model: z.string().meta({ description: 'Reads the idea and plans' }),
  requirements: requirementsSchema.nullable(),
  tasks: z.array(taskSchema).nullable(),
  estimate: costRange.extend({
    basis: z.enum(['history', 'typical', 'free', 'unknown']),
    lowMinutes: z.int(),
    highMinutes: z.int(),
  }),
  cost: z.object({ micros: z.int(), calls: z.int(), isLowerBound: z.boolean() }),
  newRepository: newRepositorySchema
    .extend({ effect: effectSchema, state: z.enum(['proposed', 'making', 'failed']), problem: z.string().nullable() })
    .nullable(),
  deployment: z
    .object({
      project: z.string(),
      state: z.enum(['proposed', 'making', 'failed', 'linked']),
      problem: z.string().nullable(),
      effect: effectSchema.nullable(),
    })
    .nullable()
    .meta({ description: 'The project at Vercel that deploys the repository which was made; null: none was wanted' }),
  notion: z.object({ dataSourceId: z.string(), title: z.string().nullable() }).nullable(),
})

const idea = z.string().trim().min(1).max(60_000)
const notionId = z
  .string()
  .trim()
  .regex(/^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$/, 'is no id of Notion: 32 digits, with or without dashes')

export const createPlan = defineRoute({
  id: 'createPlan',
  method: 'POST',
  path: '/plans',
  tag: 'plans',
  summary: 'Let the model read an idea',
  description: 'The idea is typed, or a page of Notion. With an Idempotency-Key, repeating the request answers with the same plan.',
  headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
  body: z
    .strictObject({
      idea: idea.optional(),
      notionPageId: notionId.optional(),
      repository: repository.optional(),
      newRepository: newRepositorySchema.optional(),
      base,
      model,
      checks,
      budgetUsd,
      autonomy,
      sandbox,
      source: z.enum(['chat', 'cli', 'api']).default('api'),
    })
    .refine((body) => (body.idea === undefined) !== (body.notionPageId === undefined), 'must have either an idea or a notionPageId')
    .refine((body) => body.repository === undefined || body.newRepository === undefined, 'must name a repository or a new one, not both'),
  status: 201,
  answer: planSchema,
})

export const listPlans = defineRoute({
  id: 'listPlans',
  method: 'GET',
  path: '/plans',
  tag: 'plans',
  summary: 'List plans, newest first',
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(100) }),
  status: 200,
  answer: z.object({ plans: z.array(z.object(summary)) }),
})

export const showPlan = defineRoute({
  id: 'showPlan',
  method: 'GET',
  path: '/plans/:id',
  tag: 'plans',
  summary: 'Show a plan',
  params: planParams,
  status: 200,
  answer: planSchema,
})

export const changePlan = defineRoute({
  id: 'changePlan',
  method: 'PATCH',
  path: '/plans/:id',
  tag: 'plans',
  summary: 'Change what the model or somebody wrote',
  description: 'What is left out stays. Tasks that were approved stay as they are.',
  params: planParams,
  body: z.strictObject({
    version,
    title: z.string().trim().min(1).max(200).optional(),
    requirements: requirementsSchema.optional(),
    tasks: planTasksSchema.optional(),
    request: z
      .strictObject({
        repository: repository.nullable(),
        base: z.string().min(1).max(250).nullable(),
        model: z.string().min(3).max(200).nullable(),
        autonomy: z.enum(['ask', 'plan', 'auto']),
        sandbox: z.enum(['docker', 'bubblewrap']).nullable(),
        checks: z.array(z.string().trim().min(1).max(2_000)).max(20),
        budgetUsd: z.number().positive().max(100_000).nullable(),
      })
      .partial()
      .optional(),
    newRepository: newRepositorySchema.nullable().optional(),
    vercelProject: vercelProjectName
      .nullable()
      .optional()
      .meta({ description: 'Another name for a project at Vercel that could not be made; null: it is left out' }),
  }),
  status: 200,
  answer: planSchema,
})

export const askForPlan = defineRoute({
  id: 'askForPlan',
  method: 'POST',
  path: '/plans/:id/ask',
  tag: 'plans',
  summary: 'Ask the model for the requirements or the tasks, for the first time or anew',
  params: planParams,
  body: z.strictObject({
    version,
    for: z.enum(['requirements', 'tasks']),
    wish: z.string().trim().min(1).max(4_000).optional().meta({ description: 'What should be different this time' }),
  }),
  status: 202,
  answer: planSchema,
})

export const stopPlan = defineRoute({
  id: 'stopPlan',
  method: 'POST',
  path: '/plans/:id/stop',
  tag: 'plans',
  summary: 'Take back what the model was asked for',
  params: planParams,
  status: 200,
  answer: planSchema,
})

export const approvePlan = defineRoute({
  id: 'approvePlan',
  method: 'POST',
  path: '/plans/:id/approve',
  tag: 'plans',
  summary: 'Approve tasks of exactly this version; each starts when those that it depends on are done or in review',
  params: planParams,
  body: z.strictObject({
    version,
    tasks: z.array(taskKey).min(1).max(60).optional().meta({ description: 'All of them when left out' }),
    startAnyway: z.boolean().default(false).meta({ description: 'Whatever became of the tasks that come first' }),
  }),
  status: 200,
  answer: planSchema,
})

export const planToNotion = defineRoute({
  id: 'planToNotion',
  method: 'POST',
  path: '/plans/:id/notion',
  tag: 'plans',
  summary: 'Write the tasks as rows of a database of Notion, each once; setting a row to Ready approves its task',
  params: planParams,
  body: z.strictObject({ version, databaseId: notionId }),
  status: 202,
  answer: planSchema,
})

export const makePlanRepository = defineRoute({
  id: 'makePlanRepository',
  method: 'POST',
  path: '/plans/:id/repository',
  tag: 'plans',
  summary: 'Make the repository that the plan proposes',
  params: planParams,
  body: z.strictObject({
    version,
    effectHash: shownHash,
  }),
  status: 202,
  answer: planSchema,
})

export const makePlanProject = defineRoute({
  id: 'makePlanProject',
  method: 'POST',
  path: '/plans/:id/deployment',
  tag: 'plans',
  summary: 'Make the project at Vercel that could not be made with the repository',
  params: planParams,
  body: z.strictObject({ version, effectHash: shownHash }),
  status: 202,
  answer: planSchema,
})

export const dropPlan = defineRoute({
  id: 'dropPlan',
  method: 'DELETE',
  path: '/plans/:id',
  tag: 'plans',
  summary: 'Drop a plan: nothing more is started; its sessions stay',
  params: planParams,
  status: 200,
  answer: z.object({ dropped: z.boolean() }),
})

export type Plan = z.infer<typeof planSchema>
export type PlanTaskView = z.infer<typeof taskSchema>
export type PlanSummary = z.infer<typeof listPlans.answer>['plans'][number]
export type CreatePlanBody = z.infer<typeof createPlan.body>
