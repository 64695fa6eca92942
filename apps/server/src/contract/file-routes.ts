// The files of a session: what is in its work tree, now or at an earlier moment, and what changed between two.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { largestSeq, sessionParams } from './session-schemas.ts'

const moment = z
  .union([z.literal('base'), z.literal('now'), z.coerce.number().int().min(1).max(largestSeq)])
  .meta({ description: '`base`: the commit it started from. `now`: the newest. A number: as of that event' })

const statusSchema = z.enum(['added', 'removed', 'changed', 'renamed'])

export const sessionFiles = defineRoute({
  id: 'sessionFiles',
  method: 'GET',
  path: '/sessions/:id/files',
  tag: 'files',
  summary: 'The files of the work tree, as of its last checkpoint',
  params: sessionParams,
  query: z.object({ at: moment.default('now') }),
  status: 200,
  answer: z.object({
    seq: z.int().meta({ description: 'The event that the files are as of; 0 before there are any' }),
    total: z.int(),
    files: z.array(
      z.object({
        path: z.string(),
        bytes: z.int(),
        isLink: z.boolean(),
        isExecutable: z.boolean(),
        status: statusSchema.nullable().meta({ description: 'Against the base; null: the same' }),
      }),
    ),
    removed: z.array(z.string()),
  }),
})

export const sessionFile = defineRoute({
  id: 'sessionFile',
  method: 'GET',
  path: '/sessions/:id/file',
  tag: 'files',
  summary: 'One file of the work tree',
  params: sessionParams,
  query: z.object({ path: z.string().min(1).max(4_096), at: moment.default('now') }),
  status: 200,
  answer: z.object({
    path: z.string(),
    seq: z.int(),
    bytes: z.int(),
    isBinary: z.boolean(),
    isTooLarge: z.boolean(),
    text: z.string().meta({ description: 'Empty for binary and too large files' }),
  }),
})

export const sessionChanges = defineRoute({
  id: 'sessionChanges',
  method: 'GET',
  path: '/sessions/:id/changes',
  tag: 'files',
  summary: 'What changed in the work tree between two moments, a unified diff for each file',
  params: sessionParams,
  query: z.object({ from: moment.default('base'), to: moment.default('now'), context: z.coerce.number().int().min(0).max(100).default(3) }),
  status: 200,
  answer: z.object({
    from: z.int(),
    to: z.int(),
    total: z.int().meta({ description: 'Files that changed, also those that are left out here' }),
    files: z.array(
      z.object({
        path: z.string(),
        oldPath: z.string().nullable(),
        status: statusSchema,
        added: z.int(),
        removed: z.int(),
        isBinary: z.boolean(),
        patch: z.string().nullable().meta({ description: 'null: too large to be shown' }),
      }),
    ),
  }),
})

export const sessionOutput = defineRoute({
  id: 'sessionOutput',
  method: 'GET',
  path: '/sessions/:id/outputs/:sha',
  tag: 'files',
  summary: 'The whole output of a command whose event holds its head and tail',
  params: sessionParams.extend({ sha: z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256') }),
  query: z.object({
    offset: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(2_000_000).default(500_000),
  }),
  status: 200,
  answer: z.object({ bytes: z.int().meta({ description: 'Of the whole output' }), text: z.string(), next: z.int().nullable() }),
})
