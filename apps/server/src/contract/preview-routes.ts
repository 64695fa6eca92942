// Previews: what listens in a session's sandbox, and the ways to look at it.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { sessionParams } from './session-schemas.ts'

const portSchema = z.int().min(1).max(65_535)

export const previewsSchema = z.object({
  isAvailable: z.boolean(),
  reason: z.string().nullable().meta({ description: 'Why this server shows no previews' }),
  sandbox: z.enum(['agent', 'preview', 'asleep']).meta({ description: 'Whose sandbox is open now' }),
  ports: z.array(z.int()).meta({ description: 'Where something listens in it' }),
  local: z
    .object({
      state: z.enum(['starting', 'waiting', 'ready', 'failed', 'ended']),
      command: z.string().nullable(),
      origin: z.string().nullable().meta({ description: 'Where the command comes from' }),
      port: z.int().nullable(),
      waitsFor: z.string().nullable().meta({ description: 'What happens now, until deadlineAt' }),
      deadlineAt: z.string().nullable(),
      reason: z.string().nullable(),
      tail: z.string().meta({ description: 'The last of what the command printed' }),
      startedAt: z.string(),
    })
    .nullable()
    .meta({ description: 'The application that was started for people to look at' }),
})

export const showPreviews = defineRoute({
  id: 'showPreviews',
  method: 'GET',
  path: '/sessions/:id/previews',
  tag: 'previews',
  summary: 'What listens in the session’s sandbox now, and the state of its local preview',
  params: sessionParams,
  status: 200,
  answer: previewsSchema,
})

export const openPreview = defineRoute({
  id: 'openPreview',
  method: 'POST',
  path: '/sessions/:id/previews',
  tag: 'previews',
  summary: 'An address that shows one port of the sandbox to whoever opens it first',
  description: 'It counts once and for a minute, sets a cookie on the preview’s own origin and leads on to the path.',
  params: sessionParams,
  body: z.strictObject({
    port: portSchema,
    path: z.string().max(2_000).default('/').meta({ description: 'Of the application, with its query' }),
  }),
  status: 201,
  answer: z.object({ url: z.string() }),
})

export const startPreview = defineRoute({
  id: 'startPreview',
  method: 'POST',
  path: '/sessions/:id/previews/local',
  tag: 'previews',
  summary: 'Start the application in the sandbox of a session at rest',
  params: sessionParams,
  body: z.strictObject({
    command: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .refine((text) => !text.includes('\0'), 'must not hold a NUL')
      .optional()
      .meta({ description: 'Found out from .slipway/environment.yaml, package.json or index.html when left out' }),
    port: portSchema.optional().meta({ description: 'Where the command will listen; any port when left out' }),
  }),
  status: 202,
  answer: previewsSchema,
})

export const stopPreview = defineRoute({
  id: 'stopPreview',
  method: 'DELETE',
  path: '/sessions/:id/previews/local',
  tag: 'previews',
  summary: 'Stop the application and let the sandbox sleep',
  params: sessionParams,
  status: 200,
  answer: previewsSchema,
})
