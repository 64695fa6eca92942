// What a person chooses from before a session starts, and what they want to know about all of theirs.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { sessionParams } from './session-schemas.ts'

export const listRepositories = defineRoute({
  id: 'listRepositories',
  method: 'GET',
  path: '/repositories',
  tag: 'workbench',
  summary: 'Repositories that the person worked on, the latest first',
  query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  status: 200,
  answer: z.object({ repositories: z.array(z.object({ url: z.string(), sessions: z.int(), usedAt: z.string() })) }),
})

export const listBranches = defineRoute({
  id: 'listBranches',
  method: 'GET',
  path: '/repositories/branches',
  tag: 'workbench',
  summary: 'The branches of a repository, asked of it now',
  query: z.object({ repository: z.string().trim().min(1).max(2_000) }),
  status: 200,
  answer: z.object({
    defaultBranch: z.string().nullable(),
    branches: z.array(z.string()).meta({ description: 'At most 500, in order of their names' }),
  }),
})

export const listModelChoices = defineRoute({
  id: 'listModelChoices',
  method: 'GET',
  path: '/models/choices',
  tag: 'models',
  summary: 'Models to choose from: those in use, the usual ones of each provider, installed local ones',
  status: 200,
  answer: z.object({
    models: z.array(
      z.object({
        model: z.string(),
        provider: z.string(),
        isDefault: z.boolean(),
        isReady: z.boolean(),
        need: z.string().nullable().meta({ description: 'What the server lacks when it is not ready' }),
        hasTools: z.boolean().nullable(),
        hasPrice: z.boolean(),
        isScripted: z.boolean(),
      }),
    ),
  }),
})

export const checkModel = defineRoute({
  id: 'checkModel',
  method: 'POST',
  path: '/models/check',
  tag: 'models',
  summary: 'Ask a provider whether it would answer, without spending anything',
  body: z.strictObject({ model: z.string().min(3).max(200) }),
  status: 200,
  answer: z.object({ isOk: z.boolean(), message: z.string() }),
})

export const startSample = defineRoute({
  id: 'startSample',
  method: 'POST',
  path: '/sample',
  tag: 'workbench',
  summary: 'Start a session on the bundled sample, with a script where no model is set up',
  status: 201,
  answer: z.object({ id: z.string(), model: z.string(), isScripted: z.boolean() }),
})

export const estimateCost = defineRoute({
  id: 'estimateCost',
  method: 'GET',
  path: '/estimate',
  tag: 'usage',
  summary: 'What a session is likely to cost',
  query: z.object({ model: z.string().min(3).max(200) }),
  status: 200,
  answer: z.object({
    basis: z.enum(['history', 'typical', 'free', 'unknown']).meta({
      description:
        'history: the middle half of the person’s own sessions with this model. typical: the price of a small and of a long session',
    }),
    lowMicros: z.int().nullable(),
    highMicros: z.int().nullable(),
    sessions: z.int(),
  }),
})

export const showDoctor = defineRoute({
  id: 'showDoctor',
  who: 'administrator',
  method: 'GET',
  path: '/doctor',
  tag: 'workbench',
  summary: 'What works on this machine, and what to type where it does not; for administrators',
  status: 200,
  answer: z.object({
    state: z.enum(['ok', 'warn', 'fail']),
    findings: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['ok', 'warn', 'fail']),
        summary: z.string(),
        cause: z.string().nullable(),
        fix: z.string().nullable(),
      }),
    ),
  }),
})

const totals = { sessions: z.int(), verified: z.int(), failed: z.int(), costMicros: z.int(), inputTokens: z.int(), outputTokens: z.int() }

export const usageBreakdown = defineRoute({
  id: 'usageBreakdown',
  method: 'GET',
  path: '/usage/breakdown',
  tag: 'usage',
  summary: 'Money, tokens, sessions, success and duration by day, repository and model',
  query: z.object({ days: z.coerce.number().int().min(1).max(366).default(31) }),
  status: 200,
  answer: z.object({
    total: z.object({ ...totals, medianMs: z.int().nullable() }),
    byDay: z.array(
      z.object({ day: z.string().meta({ description: 'UTC, of the start of the sessions' }), ...totals, medianMs: z.int().nullable() }),
    ),
    byRepository: z.array(z.object({ repository: z.string(), ...totals, medianMs: z.int().nullable() })),
    byModel: z.array(
      // A session counts for each model that it asked.
      z.object({
        model: z.string(),
        calls: z.int(),
        failedCalls: z.int(),
        ...totals,
        medianMs: z.int().nullable(),
      }),
    ),
  }),
})

const budgetSchema = z.object({
  scope: z.enum(['owner', 'installation']),
  period: z.enum(['day', 'month', 'total']),
  limitMicros: z.int(),
  spentMicros: z.int(),
})

export const listBudgets = defineRoute({
  id: 'listBudgets',
  method: 'GET',
  path: '/budgets',
  tag: 'usage',
  summary: 'Limits that apply to the person, and how close they are; the installation’s for administrators',
  status: 200,
  answer: z.object({ budgets: z.array(budgetSchema) }),
})

export const setBudget = defineRoute({
  id: 'setBudget',
  method: 'PUT',
  path: '/budgets',
  tag: 'usage',
  summary: 'Set or remove a limit of one’s own',
  body: z.strictObject({
    period: z.enum(['day', 'month', 'total']),
    limitUsd: z.number().positive().max(1_000_000).nullable().meta({ description: 'null removes it' }),
  }),
  status: 200,
  answer: z.object({ budgets: z.array(budgetSchema) }),
})

export const sessionSafety = defineRoute({
  id: 'sessionSafety',
  method: 'GET',
  path: '/sessions/:id/safety',
  tag: 'sessions',
  summary: 'What a session may do, what was blocked, what a person has to say yes to',
  params: sessionParams,
  status: 200,
  answer: z.object({
    autonomy: z.enum(['ask', 'plan', 'auto']),
    meaning: z.string(),
    sandbox: z.object({ backend: z.string().nullable(), memoryBytes: z.int(), processes: z.int(), cpus: z.number(), diskBytes: z.int() }),
    network: z.object({
      agent: z.array(z.string()).meta({ description: 'Hosts that the agent’s commands reach' }),
      setup: z.array(z.string()).nullable().meta({ description: 'Hosts while packages are installed; null: the usual registries' }),
      blocked: z.array(
        z.object({
          host: z.string(),
          port: z.int(),
          phase: z.enum(['setup', 'agent', 'verification', 'preview']),
          reason: z.string(),
          count: z.int(),
        }),
      ),
    }),
    gates: z.array(z.object({ effect: z.string(), decision: z.enum(['allow', 'ask', 'deny']), reason: z.string() })),
    ruled: z.array(z.object({ seq: z.int(), decision: z.enum(['ask', 'deny']), ruleId: z.string(), reason: z.string() })),
    guards: z.array(z.object({ seq: z.int(), guard: z.string(), action: z.enum(['nudge', 'park']), reason: z.string() })),
  }),
})
