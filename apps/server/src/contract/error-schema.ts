// What every refused request answers with.

import { z } from 'zod'

export const errorSchema = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'Stable name of the problem' }),
      message: z.string().meta({ description: 'What happened and what to do next; safe to show' }),
      requestId: z.string(),
    }),
  })
  .meta({ id: 'Error' })
