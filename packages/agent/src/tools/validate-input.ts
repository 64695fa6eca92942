// Checks a call's arguments. Forgives what is harmless, and says exactly what to send where it is not.

import { z } from 'zod'
import { toolDefinitions } from './definitions.ts'
import { shapeOf } from './shape-of.ts'

const whole = z.coerce.number().int()
const text = z.string().min(1)
const optionalText = optional(z.string())
const flag = optional(z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean()))
const path = text

/** Some models write the names of other tools they know. */
const edit = z.preprocess(
  renamed({ oldText: 'old_text', old_string: 'old_text', newText: 'new_text', new_string: 'new_text' }),
  z.object({ old_text: z.string(), new_text: z.string() }),
)

const step = z.preprocess(
  (value) => (typeof value === 'string' ? { title: value, status: 'open' } : value),
  z.object({ title: text, status: z.enum(['open', 'active', 'done', 'dropped']).catch('open') }),
)

const pathNames = { file_path: 'path', filePath: 'path', file_name: 'path', filename: 'path', file: 'path' }

const schemas: Record<string, z.ZodType<Record<string, unknown>>> = {
  read_file: z.preprocess(renamed(pathNames), z.object({ path, offset: optionalWhole(1, 10_000_000), limit: optionalWhole(1, 100_000) })),
  list_files: z.object({ path: optionalText, depth: optionalWhole(1, 10) }),
  search: z.preprocess(
    renamed({ query: 'pattern', regex: 'pattern' }),
    z.object({ pattern: text, path: optionalText, glob: optionalText, ignore_case: flag }),
  ),
  edit_file: z.preprocess(withEdits, z.object({ path, edits: parsed(z.array(edit).min(1)) })),
  write_file: z.preprocess(renamed({ ...pathNames, text: 'content', contents: 'content' }), z.object({ path, content: z.string() })),
  bash: z.preprocess(
    renamed({ cmd: 'command', timeout: 'timeout_s' }),
    z.object({ command: text, timeout_s: optionalWhole(1, 600), background: flag }),
  ),
  bash_output: z.object({ id: z.coerce.string().min(1), wait_s: optionalWhole(0, 60), kill: flag }),
  update_plan: z.object({ steps: parsed(z.array(step).min(1)), paths: optional(parsed(z.array(z.string()))), note: optionalText }),
  find_context: z.object({ query: text }),
  ask_human: z.object({ question: text, options: optional(parsed(z.array(z.string()))) }),
  explore: z.object({ question: text }),
  commit: z.object({ message: text }),
  publish: z.object({ title: text, summary: z.string() }),
  finish: z.object({ summary: z.string() }),
}

export type ValidInput = { ok: true; input: Record<string, unknown> } | { ok: false; message: string }

/** The input in its canonical shape, without keys the tool does not know. The tool must be one of ours. */
export function validateInput(tool: string, input: unknown): ValidInput {
  const schema = schemas[tool]
  const definition = toolDefinitions.find((known) => known.name === tool)
  if (!schema || !definition) throw new Error(`no schema for tool ${tool}`)
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, input: withoutUndefined(result.data) }
  const problems = result.error.issues.map((issue) => `- ${issue.path.join('.') || 'input'}: ${problemOf(issue, input)}`)
  return {
    ok: false,
    message: [
      `The arguments of ${tool} are not right, so nothing was run:`,
      ...problems,
      `Send ${tool} with ${shapeOf(definition.inputSchema)}`,
    ].join('\n'),
  }
}

/** Zod says "expected string, received undefined" of what simply was not sent. */
function problemOf(issue: z.core.$ZodIssue, input: unknown): string {
  if (issue.path.length === 0 || !isMissing(issue.path, input)) return issue.message
  const sent = issue.path.length === 1 && isObject(input) ? Object.keys(input) : []
  return sent.length === 0 ? 'is missing' : `is missing; you sent ${sent.join(', ').slice(0, 200)}`
}

function isMissing(path: PropertyKey[], input: unknown): boolean {
  const value = path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    input,
  )
  return value === undefined
}

function optional<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A number, or a string of one; out of range counts as the nearest bound. */
function optionalWhole(min: number, max: number) {
  return z.preprocess(
    (value) => (value === null || value === '' ? undefined : value),
    whole.transform((value) => Math.min(max, Math.max(min, value))).optional(),
  )
}

/** Some models send lists as a JSON string. */
function parsed<T>(schema: z.ZodType<T>) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value) as unknown
    } catch {
      return value
    }
  }, schema)
}

/** Gives known other names their right one, where the right one is missing. */
function renamed(names: Record<string, string>): (value: unknown) => unknown {
  return (value) => {
    if (!isObject(value)) return value
    const given: Record<string, unknown> = { ...value }
    for (const [other, name] of Object.entries(names))
      if (given[name] === undefined && given[other] !== undefined) given[name] = given[other]
    return given
  }
}

/** A single edit may stand beside the path, or alone where the list belongs. */
function withEdits(value: unknown): unknown {
  const given = renamed(pathNames)(value)
  if (!isObject(given)) return given
  const { edits } = given
  if (isObject(edits)) return { ...given, edits: [edits] }
  const isSingle = edits === undefined && ['old_text', 'oldText', 'old_string'].some((name) => name in given)
  return isSingle ? { ...given, edits: [given] } : given
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined))
}
