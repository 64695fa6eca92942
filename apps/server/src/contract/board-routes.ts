// The features and tasks of a repository.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { sessionRowSchema } from './session-schemas.ts'

export const showBoard = defineRoute({
  id: 'showBoard',
  method: 'GET',
  path: '/board',
  tag: 'workbench',
  summary: 'Features and tasks of a repository, what they need and how far they are',
  description:
    'From `.slipway/features.yaml` at the newest commit that was fetched, and from the person’s sessions. Also as MCP resources.',
  query: z.object({ repository: z.string().trim().min(1).max(2_000) }),
  status: 200,
  answer: z.object({
    repository: z.string(),
    oid: z.string().nullable().meta({ description: 'The commit that the list was read at; null before any session has fetched it' }),
    features: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        description: z.string(),
        status: z.enum(['todo', 'doing', 'done']),
        isBlocked: z.boolean().meta({ description: 'Needs something that is not done' }),
        needs: z.array(z.string()),
        sessions: z.array(sessionRowSchema),
      }),
    ),
    tasks: z.array(sessionRowSchema).meta({ description: 'Sessions that name no feature, newest first' }),
    cycles: z.array(z.array(z.string())),
    problems: z.array(z.string()),
    statistics: z.object({
      sessions: z.int(),
      verified: z.int(),
      failed: z.int(),
      costMicros: z.int(),
      medianMs: z.number().nullable(),
    }),
  }),
})
