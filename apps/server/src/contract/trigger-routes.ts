// Triggers: repositories whose issues start sessions.

import { z } from 'zod'
import { defineRoute } from './route.ts'

const triggerParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[0-9A-Za-z_-]+$/, 'is no trigger id: letters, digits, _ and -'),
})

const name = z.string().trim().min(1).max(100)

export const createTriggerBody = z.strictObject({
  provider: z.enum(['github', 'gitlab']),
  slug: z
    .string()
    .trim()
    .max(200)
    .regex(/^[\w.-]+(\/[\w.-]+)+$/, 'must be owner/name, such as acme/widgets'),
  label: name.default('slipway'),
  botName: z
    .string()
    .trim()
    .regex(/^@?[\w.-]{1,60}(\[bot\])?$/, 'must be a name as it is mentioned, such as slipway')
    .transform((value) => value.replace(/^@/, ''))
    .default('slipway'),
  autonomy: z.enum(['ask', 'plan', 'auto']).default('plan'),
  model: z.string().trim().min(1).max(200).nullable().default(null),
  budgetUsd: z.number().positive().max(10_000).nullable().default(null),
})

export const triggerSchema = z.object({
  id: z.string(),
  provider: z.enum(['github', 'gitlab']),
  slug: z.string(),
  label: z.string().meta({ description: 'An issue that has it when it is opened, or is given it, starts a session' }),
  botName: z.string().meta({ description: 'An issue that is assigned to it, or a comment that mentions it, starts one too' }),
  autonomy: z.enum(['ask', 'plan', 'auto']),
  model: z.string().nullable(),
  budgetUsd: z.number().nullable(),
  isPaused: z.boolean(),
  createdAt: z.string(),
})

export const createTrigger = defineRoute({
  id: 'createTrigger',
  method: 'POST',
  path: '/triggers',
  tag: 'triggers',
  summary: 'Start sessions from the issues of a repository',
  body: createTriggerBody,
  status: 201,
  answer: triggerSchema,
})

export const listTriggers = defineRoute({
  id: 'listTriggers',
  method: 'GET',
  path: '/triggers',
  tag: 'triggers',
  summary: 'List watched repositories',
  status: 200,
  answer: z.object({
    triggers: z.array(triggerSchema),
    /** Where the forges have to deliver, and whether deliveries are taken. */
    webhooks: z.object({ github: z.boolean(), gitlab: z.boolean(), path: z.string() }),
  }),
})

export const changeTrigger = defineRoute({
  id: 'changeTrigger',
  method: 'PATCH',
  path: '/triggers/:id',
  tag: 'triggers',
  summary: 'Pause a watched repository or let it go on',
  params: triggerParams,
  body: z.strictObject({ isPaused: z.boolean() }),
  status: 200,
  answer: triggerSchema,
})

export const deleteTrigger = defineRoute({
  id: 'deleteTrigger',
  method: 'DELETE',
  path: '/triggers/:id',
  tag: 'triggers',
  summary: 'Watch a repository no longer; its sessions stay',
  params: triggerParams,
  status: 200,
  answer: z.object({ deleted: z.boolean() }),
})
