// Who somebody is here: profile, signed-in browsers, keys; and for administrators, the people and what was done.

import { z } from 'zod'
import { defineRoute } from './route.ts'

const id = z.string().min(1).max(100)
const params = z.object({ id })
export const roleSchema = z.enum(['administrator', 'member', 'viewer'])
export const emailSchema = z.email().max(254).toLowerCase()
const farthest = Date.parse('9999-12-31T00:00:00Z')
/** As UTC, because PostgreSQL takes fewer offsets than a date can be written with. */
const future = z.iso
  .datetime({ offset: true })
  .refine((at) => Date.parse(at) > Date.now() && Date.parse(at) < farthest, 'must lie in the future, before the year 9999 ends')
  .overwrite((at) => (Number.isNaN(Date.parse(at)) ? at : new Date(at).toISOString()))

const largestPreferences = 16_384
const preferencesSchema = z
  .record(z.string().max(100), z.unknown())
  .refine((document) => new TextEncoder().encode(JSON.stringify(document)).length <= largestPreferences, 'must be at most 16 KB of JSON')

const meSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable().meta({ description: 'null: the command line' }),
  role: roleSchema,
  via: z.enum(['cookie', 'token', 'key']),
  preferences: z.record(z.string(), z.unknown()),
  createdAt: z.string().nullable(),
})

export const showMe = defineRoute({
  id: 'showMe',
  method: 'GET',
  path: '/me',
  tag: 'identity',
  summary: 'Who you are, and your preferences',
  status: 200,
  answer: meSchema,
})

export const changeMe = defineRoute({
  id: 'changeMe',
  method: 'PATCH',
  path: '/me',
  tag: 'identity',
  who: 'signed-in',
  summary: 'Change your name or preferences',
  body: z.strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    preferences: preferencesSchema.optional().meta({ description: 'Replaces the whole document' }),
  }),
  status: 200,
  answer: meSchema,
})

export const listDevices = defineRoute({
  id: 'listDevices',
  method: 'GET',
  path: '/devices',
  tag: 'identity',
  summary: 'The browsers in which you are signed in',
  status: 200,
  answer: z.object({
    devices: z.array(
      z.object({
        id: z.string(),
        userAgent: z.string(),
        address: z.string(),
        signedInAt: z.string(),
        seenAt: z.string(),
        isCurrent: z.boolean(),
      }),
    ),
  }),
})

export const signOutDevice = defineRoute({
  id: 'signOutDevice',
  method: 'DELETE',
  path: '/devices/:id',
  tag: 'identity',
  who: 'signed-in',
  summary: 'Sign one browser out',
  params,
  status: 200,
  answer: z.object({ signedOut: z.literal(true) }),
})

export const signOutEverywhere = defineRoute({
  id: 'signOutEverywhere',
  method: 'DELETE',
  path: '/devices',
  tag: 'identity',
  who: 'signed-in',
  summary: 'Sign out everywhere, here too',
  status: 200,
  answer: z.object({ signedOut: z.literal(true) }),
})

const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  hint: z.string().meta({ description: 'Its last characters' }),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
})

export const listKeys = defineRoute({
  id: 'listKeys',
  method: 'GET',
  path: '/keys',
  tag: 'identity',
  summary: 'Your API keys',
  status: 200,
  answer: z.object({ keys: z.array(keySchema) }),
})

export const makeKey = defineRoute({
  id: 'makeKey',
  method: 'POST',
  path: '/keys',
  tag: 'identity',
  who: 'signed-in',
  summary: 'Make an API key; it is shown this once',
  body: z.strictObject({ name: z.string().trim().min(1).max(100), expiresAt: future.nullable().default(null) }),
  status: 201,
  answer: keySchema.extend({ key: z.string() }),
})

export const revokeKey = defineRoute({
  id: 'revokeKey',
  method: 'DELETE',
  path: '/keys/:id',
  tag: 'identity',
  who: 'signed-in',
  summary: 'Revoke an API key',
  params,
  status: 200,
  answer: z.object({ deleted: z.literal(true) }),
})

const personSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  joinedAt: z.string().nullable().meta({ description: 'null: invited' }),
  seenAt: z.string().nullable(),
  isDisabled: z.boolean(),
  isYou: z.boolean(),
})

export const listPeople = defineRoute({
  id: 'listPeople',
  method: 'GET',
  path: '/people',
  tag: 'identity',
  who: 'administrator',
  summary: 'Everybody who may sign in',
  status: 200,
  answer: z.object({ people: z.array(personSchema) }),
})

export const invitePerson = defineRoute({
  id: 'invitePerson',
  method: 'POST',
  path: '/people',
  tag: 'identity',
  who: 'administrator',
  summary: 'Let an e-mail address sign in',
  body: z.strictObject({ email: emailSchema, role: roleSchema.default('member') }),
  status: 201,
  answer: personSchema,
})

export const changePerson = defineRoute({
  id: 'changePerson',
  method: 'PATCH',
  path: '/people/:id',
  tag: 'identity',
  who: 'administrator',
  summary: 'Change what somebody may do, or shut them out',
  params,
  body: z.strictObject({ role: roleSchema.optional(), isDisabled: z.boolean().optional() }),
  status: 200,
  answer: personSchema,
})

export const listAudit = defineRoute({
  id: 'listAudit',
  method: 'GET',
  path: '/audit',
  tag: 'identity',
  who: 'administrator',
  summary: 'Sign-ins, roles, keys and shared links: what was done, newest first',
  query: z.object({
    before: z.coerce.number().int().min(1).optional().meta({ description: '`next` of the page before' }),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  status: 200,
  answer: z.object({
    entries: z.array(
      z.object({
        seq: z.int(),
        at: z.string(),
        actorId: z.string().nullable(),
        action: z.string(),
        subject: z.string().nullable(),
        details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
      }),
    ),
    next: z.int().nullable(),
  }),
})

export const expirySchema = future
