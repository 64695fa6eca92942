// How other services are told to deliver here. The secrets themselves never come out.

import { z } from 'zod'
import { defineRoute } from './route.ts'
import { providerSchema } from './connection-routes.ts'

export const showWebhooks = defineRoute({
  id: 'showWebhooks',
  who: 'administrator',
  method: 'GET',
  path: '/webhooks',
  tag: 'triggers',
  summary: 'Where other services deliver what happens there, and what is set up',
  status: 200,
  answer: z.object({
    webhooks: z.array(
      z.object({
        provider: providerSchema,
        label: z.string(),
        address: z.string().meta({ description: 'What is entered there' }),
        setting: z.string().meta({ description: 'The variable that holds the secret' }),
        isSet: z.boolean(),
        makesSecret: z.boolean().meta({ description: 'The service makes the secret itself' }),
      }),
    ),
  }),
})
