// What was typed, held against the shape that the API asks for, so that both doors take the same.

import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { explainIssue } from '@slipway/server/http/explain-issue'
import type { z } from 'zod'

/** The checked value. Throws SlipwayError that names the flag or word; `names` says which stands for which field. */
export function checkInput<Schema extends z.ZodType>(schema: Schema, given: unknown, names: Record<string, string>): z.output<Schema> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const problems = result.error.issues.map(
    (issue) => `${names[String(issue.path[0] ?? '')] ?? 'The input'} ${explainIssue({ ...issue, path: [] })}.`,
  )
  throw new SlipwayError('usage', [...new Set(problems)].join('\n'))
}
