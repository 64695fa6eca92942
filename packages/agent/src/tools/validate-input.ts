// Checks a call's arguments. Forgives what is harmless, and says exactly what to send where it is not.

import { z } from 'zod'
import {
  command,
  exactText,
  flag,
  glob,
  listOf,
  name,
  optional,
  optionalPath,
  optionalWhole,
  path,
  pattern,
  prose,
} from './argument-kinds.ts'
import { toolDefinitions } from './definitions.ts'
import { shapeOf } from './shape-of.ts'

const longestQuestion = 20_000
const longestReport = 60_000
/** An edit costs a look through the whole file. */
const mostEdits = 500
const mostSteps = 200
/** More would tell a model nothing new. */
const shownProblems = 8
const shownNameLength = 40

const question = prose(longestQuestion).min(1, 'is empty')
const report = prose(longestReport)

/** Some models write the names of other tools they know. */
const edit = z.preprocess(
  renamed({ oldText: 'old_text', old_string: 'old_text', newText: 'new_text', new_string: 'new_text' }),
  z.object({ old_text: exactText, new_text: exactText }, { error: 'must be an object with old_text and new_text' }),
)

const step = z.preprocess(
  (value) => (typeof value === 'string' ? { title: value, status: 'open' } : value),
  z.object(
    { title: prose(2_000).min(1, 'is empty'), status: z.enum(['open', 'active', 'done', 'dropped']).catch('open') },
    { error: 'must be an object with title and status' },
  ),
)

const pathNames = { file_path: 'path', filePath: 'path', file_name: 'path', filename: 'path', file: 'path' }

const schemas: Record<string, z.ZodType<Record<string, unknown>>> = {
  read_file: z.preprocess(renamed(pathNames), z.object({ path, offset: optionalWhole(1, 10_000_000), limit: optionalWhole(1, 100_000) })),
  list_files: z.object({ path: optionalPath, depth: optionalWhole(1, 10) }),
  search: z.preprocess(renamed({ query: 'pattern', regex: 'pattern' }), z.object({ pattern, path: optionalPath, glob, ignore_case: flag })),
  edit_file: z.preprocess(withEdits, z.object({ path, edits: listOf(edit, mostEdits).refine((edits) => edits.length > 0, 'is empty') })),
  write_file: z.preprocess(renamed({ ...pathNames, text: 'content', contents: 'content' }), z.object({ path, content: exactText })),
  bash: z.preprocess(
    renamed({ cmd: 'command', timeout: 'timeout_s' }),
    z.object({ command, timeout_s: optionalWhole(1, 600), background: flag }),
  ),
  bash_output: z.object({ id: name, wait_s: optionalWhole(0, 60), kill: flag }),
  update_plan: z.object({
    steps: listOf(step, mostSteps).refine((steps) => steps.length > 0, 'is empty'),
    paths: optional(listOf(prose(1_000), mostSteps)),
    note: optional(report),
  }),
  find_context: z.object({ query: question }),
  ask_human: z.object({ question, options: optional(listOf(prose(1_000), 20)) }),
  explore: z.object({ question }),
  commit: z.object({ message: prose(longestQuestion).min(1, 'is empty') }),
  publish: z.object({ title: prose(1_000).min(1, 'is empty'), summary: report }),
  finish: z.object({ summary: report }),
}

export type ValidInput = { ok: true; input: Record<string, unknown> } | { ok: false; message: string }

/** The input in its canonical shape, without keys the tool does not know. The tool must be one of ours. */
export function validateInput(tool: string, input: unknown): ValidInput {
  const schema = schemas[tool]
  const definition = toolDefinitions.find((known) => known.name === tool)
  if (!schema || !definition) throw new Error(`no schema for tool ${tool}`)
  const result = schema.safeParse(input)
  if (result.success) return { ok: true, input: withoutUndefined(result.data) }
  const { issues } = result.error
  const problems = issues.slice(0, shownProblems).map((issue) => `- ${placeOf(issue)}: ${problemOf(issue, input)}`)
  if (issues.length > shownProblems) problems.push(`- and ${issues.length - shownProblems} more`)
  return {
    ok: false,
    message: [
      `The arguments of ${tool} are not right, so nothing was run:`,
      ...problems,
      `Send ${tool} with ${shapeOf(definition.inputSchema)}`,
    ].join('\n'),
  }
}

function placeOf({ path: keys }: z.core.$ZodIssue): string {
  return keys.map((key) => String(key).slice(0, shownNameLength)).join('.') || 'input'
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
