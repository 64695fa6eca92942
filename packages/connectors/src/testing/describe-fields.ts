// Words to write a description of an API by hand, as small as what is used of it.

import type { Operation, Schema } from './check-exchange.ts'

export const text: Schema = { type: 'string' }
export const whole: Schema = { type: 'integer' }
export const flag: Schema = { type: 'boolean' }
export const oid: Schema = { type: 'string', pattern: '^[0-9a-f]{40}$' }

export function one(...values: (string | number)[]): Schema {
  return { enum: values }
}

export function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] }
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items }
}

/** `required` are there in each; further fields may be there, too. */
export function fields(required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } }
}

/** A call: what its query and body may hold, and what answers it. */
export function call(input: { query?: Record<string, Schema>; body?: Schema; answers: Record<number, Schema | null> }): Operation {
  return {
    parameters: Object.entries(input.query ?? {}).map(([name, schema]) => ({ name, required: false, schema })),
    body: input.body ?? null,
    responses: input.answers,
  }
}
