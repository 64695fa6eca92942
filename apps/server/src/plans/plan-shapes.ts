// What a plan consists of: requirements, tasks, how its sessions start, and the repository that may have to be made first.

import { z } from 'zod'

const line = z.string().trim().min(1).max(500)
const lines = (most: number) => z.array(line).max(most)

export const requirementsSchema = z.object({
  goal: z.string().trim().min(1).max(2_000),
  scope: z.object({ included: lines(30), excluded: lines(30) }),
  acceptanceCriteria: lines(40),
  constraints: lines(30),
  openQuestions: lines(30),
})
export type Requirements = z.infer<typeof requirementsSchema>

export const taskKey = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'must be a short name of small letters, digits and -, such as t1')
  .meta({ description: 'Names the task within its plan' })

const filePath = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must be a path inside the repository')

export const sizes = ['small', 'medium', 'large'] as const
export type Size = (typeof sizes)[number]

export const planTaskSchema = z.object({
  key: taskKey,
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().min(1).max(6_000),
  files: z.array(filePath).max(40),
  dependsOn: z.array(taskKey).max(30),
  size: z.enum(sizes),
  minutes: z.object({ low: z.int().min(1).max(10_000), high: z.int().min(1).max(10_000) }),
})
export type PlanTask = z.infer<typeof planTaskSchema>

export const mostTasks = 30

/** Keys are unique, dependencies exist and lead nowhere in a circle. */
export const planTasksSchema = z
  .array(planTaskSchema)
  .min(1)
  .max(mostTasks)
  .superRefine((tasks, context) => {
    const problem = tasksProblem(tasks)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  })

export const planRequestSchema = z.strictObject({
  repository: z.string().trim().min(1).max(2_000).nullable().default(null),
  base: z.string().min(1).max(250).nullable().default(null),
  model: z.string().max(200).nullable().default(null),
  autonomy: z.enum(['ask', 'plan', 'auto']).default('plan'),
  sandbox: z.enum(['docker', 'bubblewrap']).nullable().default(null),
  checks: z.array(z.string().trim().min(1).max(2_000)).max(20).default([]),
  budgetUsd: z.number().positive().max(100_000).nullable().default(null),
})
export type PlanRequest = z.infer<typeof planRequestSchema>

export const thinkerSchema = z.object({
  model: z.string(),
  effort: z.enum(['low', 'medium', 'high']).nullable(),
  fallback: z.string().nullable(),
})

/** Vercel takes these names and no others. */
export const vercelProjectName = z
  .string()
  .trim()
  .regex(/^(?!.*---)[a-z0-9][a-z0-9._-]{0,99}$/, 'must be small letters, digits, dots, - and _, at most 100, without ---')
  .meta({ description: 'What the project at Vercel is called' })

export const newRepositorySchema = z.strictObject({
  forge: z.enum(['github', 'gitlab', 'local']),
  namespace: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'is no name of an account, an organisation or a group')
    .nullable()
    .meta({ description: 'The organisation or group; null: the account’s own' }),
  name: z
    .string()
    .trim()
    .regex(/^(?![.-])[A-Za-z0-9._-]{1,80}(?<!\.git|\.)$/, 'must be letters, digits, dots, - and _, at most 80, and not end in .git'),
  isPrivate: z.boolean(),
  vercelProject: vercelProjectName.nullable().default(null).meta({ description: 'A project at Vercel that deploys it; null: none' }),
})
export type NewRepository = z.infer<typeof newRepositorySchema>

/** What stays of a proposal when its repository is made: the project that deploys it. */
export const projectLinkSchema = z.strictObject({
  forge: z.enum(['github', 'gitlab']),
  slug: z.string(),
  project: vercelProjectName,
  /** Which approval it is made for; null: changed since. */
  asked: z.string().nullable(),
  problem: z.string().nullable(),
  isLinked: z.boolean(),
})
export type ProjectLink = z.infer<typeof projectLinkSchema>

function tasksProblem(tasks: readonly PlanTask[]): string | null {
  const keys = new Set(tasks.map(({ key }) => key))
  if (keys.size < tasks.length) return 'two tasks have the same key'
  for (const { key, dependsOn, minutes } of tasks) {
    const unknown = dependsOn.find((other) => !keys.has(other))
    if (unknown !== undefined) return `task ${key} depends on ${unknown}, which is not in the plan`
    if (minutes.low > minutes.high) return `the minutes of task ${key} are the wrong way round`
  }
  const circle = inCircle(tasks)
  return circle === null ? null : `task ${circle} depends on itself by way of others`
}

function inCircle(tasks: readonly PlanTask[]): string | null {
  const left = new Map(tasks.map(({ key, dependsOn }) => [key, new Set(dependsOn)]))
  for (;;) {
    const free = [...left].find(([, needs]) => [...needs].every((need) => !left.has(need)))
    if (free === undefined) return left.keys().next().value ?? null
    left.delete(free[0])
  }
}
