// What somebody wants to hear by mail.

import { z } from 'zod'
import { defineRoute } from './route.ts'

const choices = {
  needsYou: z.boolean().meta({ description: 'A session asks something, and nobody answers for half a minute' }),
  finished: z.boolean(),
  failed: z.boolean(),
}

const noticesSchema = z.object({
  ...choices,
  canMail: z.boolean().meta({ description: 'false: no mail server is set on this installation' }),
  address: z.string().nullable().meta({ description: 'Where they go; null: the command line has none' }),
})

export const showNotices = defineRoute({
  id: 'showNotices',
  method: 'GET',
  path: '/notices',
  tag: 'identity',
  summary: 'What you hear by mail',
  status: 200,
  answer: noticesSchema,
})

export const changeNotices = defineRoute({
  id: 'changeNotices',
  method: 'PUT',
  path: '/notices',
  tag: 'identity',
  summary: 'Choose what you hear by mail',
  body: z.strictObject(choices),
  status: 200,
  answer: noticesSchema,
})
