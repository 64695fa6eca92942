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
    'From `.slipway/features.yaml` at the newest commit that was fetched, from the person’s sessions and plans, and from the databases of Notion that they connected. Also as MCP resources.',
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
    trackerTasks: z
      .array(
        z.object({
          id: z.string(),
          title: z.string(),
          status: z.enum(['todo', 'doing', 'done']),
          source: z.enum(['plan', 'notion']),
          from: z.string().meta({ description: 'Which plan or database it belongs to' }),
          url: z.string().meta({ description: 'A path of Slipway, or an address in Notion' }),
          note: z.string().nullable().meta({ description: 'Its state in the tracker’s own words, or what it waits for' }),
        }),
      )
      .meta({ description: 'Tasks of plans and pages of connected databases of Notion that have no session yet' }),
    trackerProblems: z.array(z.string()),
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
