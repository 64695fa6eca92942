// Links to look at one session without signing in.

import { z } from 'zod'
import { expirySchema } from './identity-routes.ts'
import { defineRoute } from './route.ts'
import { eventSchema, largestSeq, sessionId, sessionParams, sessionSchema } from './session-schemas.ts'

const shareSchema = z.object({
  id: z.string(),
  hint: z.string().meta({ description: 'The last characters of the link' }),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
})

export const shareParams = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'is no link') })

export const makeShare = defineRoute({
  id: 'makeShare',
  method: 'POST',
  path: '/sessions/:id/shares',
  tag: 'sharing',
  summary: 'Make a link by which everybody who has it may look at this session; it is shown this once',
  params: sessionParams,
  body: z.strictObject({ expiresAt: expirySchema.nullable().default(null) }),
  status: 201,
  answer: shareSchema.extend({ token: z.string(), path: z.string() }),
})

export const listShares = defineRoute({
  id: 'listShares',
  method: 'GET',
  path: '/sessions/:id/shares',
  tag: 'sharing',
  summary: 'The links to this session',
  params: sessionParams,
  status: 200,
  answer: z.object({ shares: z.array(shareSchema) }),
})

export const withdrawShare = defineRoute({
  id: 'withdrawShare',
  method: 'DELETE',
  path: '/sessions/:id/shares/:shareId',
  tag: 'sharing',
  summary: 'Withdraw a link, for those who look through it now too',
  params: z.object({ id: sessionId, shareId: z.string().min(1).max(100) }),
  status: 200,
  answer: z.object({ withdrawn: z.literal(true) }),
})

/** Without money and without who it belongs to. */
export const sharedSessionSchema = sessionSchema.omit({ cost: true, isArchived: true })

export const showShared = defineRoute({
  id: 'showShared',
  method: 'GET',
  path: '/shared/:token',
  tag: 'sharing',
  who: 'everybody',
  summary: 'The session that a link leads to',
  params: shareParams,
  status: 200,
  answer: sharedSessionSchema,
})

export const readSharedEvents = defineRoute({
  id: 'readSharedEvents',
  method: 'GET',
  path: '/shared/:token/events',
  tag: 'sharing',
  who: 'everybody',
  summary: 'Its events after a cursor, ascending; amounts of money are 0',
  params: shareParams,
  query: z.object({
    after: z.coerce.number().int().min(0).max(largestSeq).default(0),
    before: z.coerce.number().int().min(1).max(largestSeq).optional().meta({ description: 'The newest page before this seq instead' }),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
  }),
  status: 200,
  answer: z.object({ events: z.array(eventSchema), head: z.int() }),
})
