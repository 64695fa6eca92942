// The shapes of sessions as the API shows them. An answer holds what is named here and nothing else.

import { z } from 'zod'

export const sessionId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9A-Za-z_-]+$/, 'is no session id: letters, digits, _ and -')
  .meta({ description: 'Id of a session' })
/** The database counts events with 32 bits. */
export const largestSeq = 2 ** 31 - 1

export const sessionParams = z.object({ id: sessionId })

export const statusSchema = z
  .enum(['queued', 'preparing', 'working', 'verifying', 'waiting', 'parked', 'stopping', 'done'])
  .meta({ description: 'What the session is doing now; how it ended is its outcome' })
export const outcomeSchema = z.enum(['verified', 'partly-verified', 'unverified', 'nothing-to-do', 'stopped', 'failed'])

export const usageSchema = z.object({
  inputTokens: z.int(),
  cacheReadTokens: z.int(),
  cacheWriteTokens: z.int(),
  outputTokens: z.int(),
  reasoningTokens: z.int(),
})

export const costSchema = z.object({
  micros: z.int().meta({ description: 'Integer micro-dollars' }),
  reservedMicros: z.int().meta({ description: 'Held back for calls that are under way' }),
  limitMicros: z.int().nullable(),
  isLowerBound: z.boolean().meta({ description: 'At least one call had no known price' }),
  priceBook: z.string().nullable(),
  calls: z.int(),
  usage: usageSchema,
})

export const receiptSchema = z.object({
  command: z.string(),
  exitCode: z.int().nullable(),
  killed: z.enum(['timeout', 'stopped', 'sandbox-lost']).nullable(),
  ms: z.number(),
  outputSha: z.string(),
  tail: z.string(),
})

export const effectSchema = z.object({
  kind: z.enum(['push', 'change-request', 'comment', 'deploy', 'spend', 'create-repository']),
  title: z.string(),
  details: z.array(z.tuple([z.string(), z.string()])),
  reason: z.string(),
  reversible: z.string(),
  hash: z.string(),
})

export const askSchema = z.object({
  askId: z.string(),
  kind: z.enum(['plan', 'approval', 'question', 'budget', 'continue']),
  question: z.string(),
  options: z.array(z.string()),
  effect: effectSchema.nullable(),
  expiresAt: z.string().nullable(),
})

export const planSchema = z.object({
  steps: z.array(z.object({ title: z.string(), status: z.enum(['open', 'active', 'done', 'dropped']) })),
  paths: z.array(z.string()),
  note: z.string(),
  approval: z.enum(['none', 'asked', 'approved', 'rejected']),
})

const fileChange = z.object({ path: z.string(), added: z.int(), removed: z.int() })

const checkCounts = z.object({ passed: z.int(), failed: z.int(), pending: z.int() })

export const workSchema = z.object({
  commit: z.object({ oid: z.string(), subject: z.string(), files: z.array(fileChange) }).nullable(),
  scan: z.enum(['clean', 'findings', 'timed-out', 'failed']).nullable(),
  verification: z
    .object({
      oid: z.string(),
      result: z.enum(['passed', 'failed', 'partial', 'no-checks', 'could-not-run']),
      receipts: z.array(receiptSchema),
    })
    .nullable(),
  pushed: z.object({ branch: z.string(), oid: z.string() }).nullable(),
  changeRequest: z.object({ number: z.int(), url: z.string(), branch: z.string(), base: z.string(), draft: z.boolean() }).nullable(),
  reportedChecks: checkCounts
    .extend({ at: z.string().meta({ description: 'When they stood so' }) })
    .nullable()
    .meta({ description: 'Of the change request, as its forge last told of them' }),
  hasUncommitted: z.boolean(),
})

export const repositorySchema = z.object({
  url: z.string(),
  forge: z.enum(['local', 'github', 'gitlab']),
  slug: z.string().nullable(),
  base: z.string().nullable(),
})

/** What a list knows: whether a worker or a person has something to do, or nobody. */
export const rowStatusSchema = z.enum(['running', 'waiting', 'done'])

/** What a session needs from its person. in-review: at rest with a change request. done: at rest without one. */
export const needSchema = z.enum(['needs-you', 'running', 'in-review', 'done'])

/** One line of a list. */
export const sessionRowSchema = z.object({
  id: sessionId,
  title: z.string(),
  status: rowStatusSchema,
  outcome: outcomeSchema.nullable(),
  openQuestions: z.int(),
  repository: z.string(),
  costMicros: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
  need: needSchema,
  isArchived: z.boolean(),
  changeRequest: z.object({ number: z.int(), url: z.string(), isDraft: z.boolean() }).nullable(),
  checks: checkCounts.nullable(),
  question: z.string().nullable().meta({ description: 'The open one' }),
})

/** Everything a page about one session opens with. */
export const sessionSchema = z.object({
  id: sessionId,
  title: z.string(),
  status: statusSchema,
  outcome: outcomeSchema.nullable(),
  summary: z.string().nullable(),
  reason: z.string().nullable().meta({ description: 'Why it does not go on by itself, when it does not' }),
  task: z.string(),
  source: z.enum(['chat', 'cli', 'api', 'routine', 'notion', 'issue', 'plan', 'demo']),
  repository: repositorySchema,
  base: z.object({ branch: z.string(), oid: z.string() }).nullable(),
  branch: z.string().nullable(),
  model: z.string(),
  autonomy: z.enum(['ask', 'plan', 'auto']),
  stage: z.enum(['plan', 'implement', 'verify', 'publish']),
  checks: z.array(z.string()),
  plan: planSchema.nullable(),
  ask: askSchema.nullable(),
  retry: z.object({ kind: z.string(), at: z.string().nullable(), message: z.string() }).nullable(),
  work: workSchema,
  cost: costSchema,
  context: z
    .object({ tokens: z.int().nullable(), window: z.int().nullable() })
    .meta({ description: 'Size of the conversation as the provider last counted it, and what the model takes; null: not known' }),
  head: z.int(),
  isArchived: z.boolean().meta({ description: 'You have put it away' }),
  createdAt: z.string(),
  updatedAt: z.string(),
})

/** Bodies are the public record itself; they never hold a credential, so they pass whole. */
export const eventSchema = z
  .object({
    id: z.string(),
    sessionId: z.string(),
    seq: z.int(),
    at: z.string(),
    version: z.literal(1),
    actor: z.union([
      z.object({ kind: z.literal('person'), id: z.string() }),
      z.object({ kind: z.literal('agent') }),
      z.object({ kind: z.literal('system'), id: z.string() }),
    ]),
    body: z.looseObject({ type: z.string() }),
  })
  .meta({ id: 'SessionEvent', description: 'One fact of a session. `body.type` names it.' })

export type SessionView = z.infer<typeof sessionSchema>
export type SessionRow = z.infer<typeof sessionRowSchema>
