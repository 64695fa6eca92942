// What administrators see of the whole installation: counts, never anybody's titles or words.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { rowStatusSchema } from './session-schemas.ts'

export const adminOverview = defineRoute({
  id: 'adminOverview',
  who: 'administrator',
  method: 'GET',
  path: '/admin/overview',
  tag: 'workbench',
  summary: 'Queue, workers, cost and policies of the whole installation; counts only',
  status: 200,
  answer: z.object({
    sessions: z.array(z.object({ status: rowStatusSchema, sessions: z.int() })),
    queue: z.object({
      due: z.int().meta({ description: 'Could be driven now and are not' }),
      oldestDueAt: z.string().nullable(),
      oldestWaitingAt: z.string().nullable().meta({ description: 'Since when the session that waits longest waits for a person' }),
    }),
    workers: z
      .array(z.object({ id: z.string(), sessions: z.int() }))
      .meta({ description: 'Those that drive something now, by their leases' }),
    eventsLastHour: z.int(),
    databaseBytes: z.int(),
    openStreams: z.int().meta({ description: 'WebSockets of the process that answers' }),
    cost: z.object({
      todayMicros: z.int().meta({ description: 'UTC day, reservations included' }),
      dailyBudgetMicros: z.int().nullable(),
    }),
    policies: z.array(
      z.object({
        name: z.string(),
        value: z.string(),
        setting: z.string().meta({ description: 'The environment variable that changes it' }),
      }),
    ),
  }),
})
