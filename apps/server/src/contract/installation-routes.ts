// What concerns the whole installation: its models and what was spent.

import { z } from 'zod'
import { defineRoute } from './route.ts'

export const modelSchema = z.object({
  model: z.string(),
  provider: z.string(),
  isReady: z.boolean().meta({ description: 'Its key is set, or its server answers' }),
  reason: z.string().nullable().meta({ description: 'What to set when it is not ready' }),
  hasTools: z.boolean().nullable(),
  contextWindow: z.int().nullable(),
  priceKnown: z.boolean(),
  isScripted: z.boolean(),
  roles: z.array(z.string()).meta({ description: 'Roles that use it by default' }),
})

export const listModels = defineRoute({
  id: 'listModels', method: 'GET', path: '/models', tag: 'models',
  summary: 'The models that new sessions use, and whether they can be reached', status: 200, answer: z.object({ models: z.array(modelSchema) }),
})

export const installationUsage = defineRoute({
  id: 'installationUsage', method: 'GET', path: '/usage', tag: 'usage',
  summary: 'What all sessions have cost', status: 200,
  answer: z.object({
    sessions: z.int(),
    costMicros: z.int(),
    byStatus: z.array(z.object({ status: z.string(), sessions: z.int() })),
    byDay: z.array(z.object({ day: z.string(), sessions: z.int(), costMicros: z.int() })),
  }),
})
