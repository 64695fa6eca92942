// Sessions: create, look, speak, stop.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import {
  costSchema,
  eventSchema,
  largestSeq,
  needSchema,
  rowStatusSchema,
  sessionId,
  sessionParams,
  sessionRowSchema,
  sessionSchema,
} from './session-schemas.ts'

const modelName = z
  .string()
  .min(3)
  .max(200)
  .regex(/^[a-z-]+\/.+$/, 'must be written provider/model, such as anthropic/claude-sonnet-4-5')
const usd = z.number().positive().max(100_000)
const text = z.string().trim().min(1).max(100_000)
const cursor = z.coerce.number().int().min(0).max(largestSeq)

export const createSessionBody = z.strictObject({
  task: text,
  repository: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .meta({ description: 'A path on the server, owner/name, or an https URL without credentials' }),
  base: z.string().min(1).max(250).optional().meta({ description: 'Branch to start from; the default branch when left out' }),
  title: z.string().trim().min(1).max(200).optional(),
  model: modelName.optional(),
  fallback: modelName.optional(),
  checks: z
    .array(z.string().trim().min(1).max(2_000))
    .max(20)
    .optional()
    .meta({ description: 'Commands that must pass; detected when left out' }),
  budgetUsd: usd.optional(),
  autonomy: z.enum(['ask', 'plan', 'auto']).optional(),
  sandbox: z.enum(['docker', 'bubblewrap']).optional(),
})

export const createSession = defineRoute({
  id: 'createSession',
  method: 'POST',
  path: '/sessions',
  tag: 'sessions',
  summary: 'Start a session',
  description: 'With an Idempotency-Key, repeating the request answers with the session that the first one made.',
  headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
  body: createSessionBody,
  status: 201,
  answer: sessionSchema,
})

export const listSessions = defineRoute({
  id: 'listSessions',
  method: 'GET',
  path: '/sessions',
  tag: 'sessions',
  summary: 'List sessions, newest first',
  query: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: sessionId.optional().meta({ description: '`next` of the page before' }),
    status: rowStatusSchema.optional(),
    need: needSchema.optional(),
    repository: z.string().max(2_000).optional(),
    archived: z.enum(['yes', 'no']).default('no'),
  }),
  status: 200,
  answer: z.object({
    sessions: z.array(sessionRowSchema),
    next: z.string().nullable(),
    counts: z.record(needSchema, z.int()).meta({ description: 'Of all sessions that are not archived' }),
  }),
})

export const changeSession = defineRoute({
  id: 'changeSession',
  method: 'PATCH',
  path: '/sessions/:id',
  tag: 'sessions',
  summary: 'Rename a session, change its mode, put it away or take it back',
  description: 'Another `autonomy` counts from the next decision on; what is asked already stays asked.',
  params: sessionParams,
  body: z.strictObject({
    title: z.string().trim().min(1).max(200).optional(),
    autonomy: z.enum(['ask', 'plan', 'auto']).optional(),
    isArchived: z.boolean().optional(),
  }),
  status: 200,
  answer: sessionSchema,
})

export const searchSessions = defineRoute({
  id: 'searchSessions',
  method: 'GET',
  path: '/search',
  tag: 'sessions',
  summary: 'Find words in tasks, conversations, commands and their outputs',
  description: 'Every word must occur in one place; the last one counts as a beginning too.',
  query: z.object({ q: z.string().trim().min(1).max(400), limit: z.coerce.number().int().min(1).max(100).default(30) }),
  status: 200,
  answer: z.object({
    hits: z.array(
      z.object({
        sessionId: z.string(),
        title: z.string(),
        seq: z.int(),
        kind: z.enum(['task', 'person', 'agent', 'command', 'output']),
        excerpt: z.array(z.object({ text: z.string(), isMatch: z.boolean() })),
      }),
    ),
    isComplete: z.boolean().meta({ description: 'false: there is history that is not searchable yet; ask again in a moment' }),
  }),
})

export const rollBackSession = defineRoute({
  id: 'rollBackSession',
  method: 'POST',
  path: '/sessions/:id/rollback',
  tag: 'people',
  summary: 'Take the work tree back to how it was at an event',
  description: 'Only while the agent rests. What was pushed stays pushed; `changes?from=now&to=<seq>` shows what goes.',
  params: sessionParams,
  body: z.strictObject({ seq: z.int().min(1).max(largestSeq) }),
  status: 202,
  answer: z.object({ seq: z.int() }),
})

export const giveFeedback = defineRoute({
  id: 'giveFeedback',
  method: 'POST',
  path: '/sessions/:id/feedback',
  tag: 'people',
  summary: 'Say whether an answer was good, and why',
  params: sessionParams,
  body: z.strictObject({ seq: z.int().min(1).max(largestSeq), verdict: z.enum(['up', 'down']), reason: z.string().max(5_000).default('') }),
  status: 202,
  answer: z.object({ seq: z.int() }),
})

export const showSession = defineRoute({
  id: 'showSession',
  method: 'GET',
  path: '/sessions/:id',
  tag: 'sessions',
  summary: 'Status, plan, work, cost and open question of a session',
  params: sessionParams,
  status: 200,
  answer: sessionSchema,
})

export const readEvents = defineRoute({
  id: 'readEvents',
  method: 'GET',
  path: '/sessions/:id/events',
  tag: 'sessions',
  summary: 'Events after a cursor, or the newest before one; ascending',
  params: sessionParams,
  query: z.object({
    after: cursor.default(0),
    before: cursor.optional().meta({ description: 'The newest `limit` events with a smaller seq; `after` is not looked at' }),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
  }),
  status: 200,
  answer: z.object({ events: z.array(eventSchema), head: z.int() }),
})

export const sendMessage = defineRoute({
  id: 'sendMessage',
  method: 'POST',
  path: '/sessions/:id/messages',
  tag: 'people',
  summary: 'Say something to the agent',
  params: sessionParams,
  body: z.strictObject({
    text,
    mode: z
      .enum(['steer', 'queue'])
      .default('steer')
      .meta({ description: 'steer: read after the current step. queue: read when the agent rests' }),
  }),
  status: 202,
  answer: z.object({ seq: z.int() }),
})

export const answerQuestion = defineRoute({
  id: 'answerQuestion',
  method: 'POST',
  path: '/sessions/:id/answers',
  tag: 'people',
  summary: 'Answer the open question',
  description: 'An approval counts for the effect whose hash it carries, and once.',
  params: sessionParams,
  body: z.strictObject({
    askId: z.string().min(1).max(100),
    decision: z.enum(['approve', 'reject', 'answer']),
    text: z.string().max(100_000).default(''),
    effectHash: z.string().max(100).nullable().default(null),
    budgetUsd: usd.nullable().default(null).meta({ description: 'The new limit, for a budget question' }),
  }),
  status: 202,
  answer: z.object({ seq: z.int() }),
})

export const stopSession = defineRoute({
  id: 'stopSession',
  method: 'DELETE',
  path: '/sessions/:id',
  tag: 'people',
  summary: 'Stop the agent; the session and its work stay',
  params: sessionParams,
  status: 202,
  answer: z.object({ seq: z.int().nullable().meta({ description: 'null: it had ended already' }) }),
})

export const throwSessionAway = defineRoute({
  id: 'throwSessionAway',
  method: 'POST',
  path: '/sessions/:id/throw-away',
  tag: 'people',
  summary: 'Stop the agent, close the change request, and put the session away; its log and its branch stay',
  params: sessionParams,
  status: 200,
  answer: z.object({
    closed: z.object({ number: z.int(), url: z.string() }).nullable().meta({ description: 'The change request; null: none was open' }),
  }),
})

export const resumeSession = defineRoute({
  id: 'resumeSession',
  method: 'POST',
  path: '/sessions/:id/resume',
  tag: 'people',
  summary: 'Let a stopped, parked or interrupted session go on',
  params: sessionParams,
  status: 202,
  answer: z.object({ seq: z.int().nullable().meta({ description: 'null: nothing had to be said, a worker was woken' }) }),
})

export const forkSession = defineRoute({
  id: 'forkSession',
  method: 'POST',
  path: '/sessions/:id/fork',
  tag: 'sessions',
  summary: 'Start a new session from a point in this one',
  params: sessionParams,
  body: z.strictObject({ atSeq: z.int().min(1), model: modelName.optional() }),
  status: 201,
  answer: sessionSchema,
})

export const sessionUsage = defineRoute({
  id: 'sessionUsage',
  method: 'GET',
  path: '/sessions/:id/usage',
  tag: 'usage',
  summary: 'What a session has cost, by model and role',
  params: sessionParams,
  status: 200,
  answer: z.object({
    cost: costSchema,
    byModel: z.array(
      z.object({
        model: z.string(),
        role: z.string(),
        calls: z.int(),
        failedCalls: z.int(),
        costMicros: z.int(),
        inputTokens: z.int(),
        outputTokens: z.int(),
      }),
    ),
  }),
})

export const exportSession = defineRoute({
  id: 'exportSession',
  method: 'GET',
  path: '/sessions/:id/export',
  tag: 'sessions',
  summary: 'The whole session as Markdown, as a page, or as its events in JSON',
  params: sessionParams,
  query: z.object({ format: z.enum(['md', 'html', 'json']).default('md') }),
  status: 200,
  answer: z.string(),
  mediaTypes: ['text/markdown', 'text/html', 'application/json'],
})

export const sessionDiff = defineRoute({
  id: 'sessionDiff',
  method: 'GET',
  path: '/sessions/:id/diff',
  tag: 'sessions',
  summary: 'Unified diff of the last offered commit against its base',
  params: sessionParams,
  query: z.object({ maxBytes: z.coerce.number().int().min(1_000).max(5_000_000).default(1_000_000) }),
  status: 200,
  answer: z.object({ baseOid: z.string().nullable(), oid: z.string().nullable(), diff: z.string() }),
})

export type CreateSessionBody = z.infer<typeof createSessionBody>
