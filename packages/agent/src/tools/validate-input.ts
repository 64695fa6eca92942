// Checks a call's arguments. Forgives what is harmless, and says exactly what to send where it is not.

import { z } from 'zod'

const whole = z.coerce.number().int()
const optionalText = z.string().nullish().transform((value) => value ?? undefined)
const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean().nullish()).transform((value) => value ?? undefined)
const optionalWhole = (min: number, max: number) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), whole.transform((value) => Math.min(max, Math.max(min, value))).optional())
const path = z.string().min(1).transform((value) => value.replace(/^\.\//, ''))

/** Some models write the names of other tools they know. */
const edit = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null) return value
  const given = value as Record<string, unknown>
  return { old_text: given['old_text'] ?? given['oldText'] ?? given['old_string'], new_text: given['new_text'] ?? given['newText'] ?? given['new_string'] }
}, z.object({ old_text: z.string(), new_text: z.string() }))

const step = z.preprocess(
  (value) => (typeof value === 'string' ? { title: value, status: 'open' } : value),
  z.object({ title: z.string().min(1), status: z.enum(['open', 'active', 'done', 'dropped']).catch('open') }),
)

const schemas: Record<string, z.ZodType<Record<string, unknown>>> = {
  read_file: z.object({ path, offset: optionalWhole(1, 10_000_000), limit: optionalWhole(1, 100_000) }),
  list_files: z.object({ path: optionalText, depth: optionalWhole(1, 10) }),
  search: z.object({ pattern: z.string().min(1), path: optionalText, glob: optionalText, ignore_case: flag }),
  edit_file: z.object({ path, edits: parsed(z.array(edit).min(1)) }),
  write_file: z.object({ path, content: z.string() }),
  bash: z.object({ command: z.string().min(1), timeout_s: optionalWhole(1, 600), background: flag }),
  bash_output: z.object({ id: z.coerce.string().min(1), wait_s: optionalWhole(0, 60), kill: flag }),
  update_plan: z.object({ steps: parsed(z.array(step).min(1)), paths: parsed(z.array(z.string())).nullish().transform((value) => value ?? undefined), note: optionalText }),
  find_context: z.object({ query: z.string().min(1) }),
  ask_human: z.object({ question: z.string().min(1), options: parsed(z.array(z.string())).nullish().transform((value) => value ?? undefined) }),
  explore: z.object({ question: z.string().min(1) }),
  commit: z.object({ message: z.string().min(1) }),
  publish: z.object({ title: z.string().min(1), summary: z.string() }),
  finish: z.object({ summary: z.string() }),
}

export type ValidInput = { ok: true; input: Record<string, unknown> } | { ok: false; message: string }

/** The input in its canonical shape, without keys the tool does not know. The tool must be one of ours. */
export function validateInput(tool: string, input: unknown): ValidInput {
  const schema = schemas[tool]
  if (!schema) throw new Error(`no schema for tool ${tool}`)
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, input: withoutUndefined(result.data) }
  const problems = result.error.issues.map((issue) => `- ${issue.path.join('.') || 'input'}: ${issue.message}`)
  return { ok: false, message: [`The arguments of ${tool} are not right:`, ...problems, 'Send the call again with these mended. Nothing was run.'].join('\n') }
}

/** Some models send lists as a JSON string. */
function parsed<T>(schema: z.ZodType<T>) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value)
    } catch {
      return value
    }
  }, schema)
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined))
}
