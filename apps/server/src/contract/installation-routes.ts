// What concerns the whole installation: its models and what was spent.

import { z } from 'zod'
import { defineRoute } from './route.ts'

export const listModels = defineRoute({
  id: 'listModels',
  method: 'GET',
  path: '/models',
  tag: 'models',
  summary: 'The models that new sessions use, and which providers are set up',
  status: 200,
  answer: z.object({
    roles: z.array(
      z.object({
        role: z.string(),
        model: z.string(),
        fallback: z.string().nullable(),
        isReady: z.boolean(),
        problem: z.string().nullable().meta({ description: 'What is missing when it is not ready' }),
        hasTools: z.boolean().nullable().meta({ description: 'null: not known before the first call' }),
        contextWindow: z.int().nullable(),
        hasPrice: z.boolean(),
        isScripted: z.boolean(),
      }),
    ),
    providers: z.array(z.object({ provider: z.string(), isReady: z.boolean(), need: z.string() })),
  }),
})

export const installationUsage = defineRoute({
  id: 'installationUsage',
  method: 'GET',
  path: '/usage',
  tag: 'usage',
  summary: 'What all sessions have cost',
  status: 200,
  answer: z.object({
    sessions: z.int(),
    costMicros: z.int(),
    byStatus: z.array(z.object({ status: z.string(), sessions: z.int() })),
    byDay: z.array(
      z.object({ day: z.string().meta({ description: 'UTC, of the start of the sessions' }), sessions: z.int(), costMicros: z.int() }),
    ),
  }),
})
