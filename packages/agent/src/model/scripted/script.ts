// A script: what a model will say, step by step. Written by people as YAML or JSON, so mistakes are named with their place.

import { parse } from 'yaml'
import { z } from 'zod'

const wholeNumber = z.number().int().nonnegative()

const toolCall = z.strictObject({
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()).default({}),
  id: z.string().min(1).optional(),
})

const usage = z.strictObject({
  input_tokens: wholeNumber,
  output_tokens: wholeNumber,
  cache_read_tokens: wholeNumber.default(0),
  cache_write_tokens: wholeNumber.default(0),
  reasoning_tokens: wholeNumber.default(0),
})

const fault = z.strictObject({
  /** The call fails with this HTTP status. */
  status: z.number().int().min(300).max(599).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  /** Seconds. */
  retry_after: z.number().nonnegative().optional(),
  /** The connection breaks before an answer. */
  reset: z.literal(true).optional(),
  /** Nothing ever arrives. */
  stall: z.literal(true).optional(),
  /** The answer ends, or stops arriving, after so many characters. */
  cut_after: wholeNumber.optional(),
  stall_after: wholeNumber.optional(),
  /** An answer without content. */
  empty: z.literal(true).optional(),
  /** The prompt is refused as too long. */
  overflow: z.literal(true).optional(),
  /** The arguments of every tool call of the step are broken JSON. */
  malformed_args: z.literal(true).optional(),
  /** The fault happens so many times, then the step is played. Null: always. */
  times: z.number().int().positive().nullable().default(1),
})

const condition = z.strictObject({ last_tool_failed: z.boolean().optional(), last_output_contains: z.string().optional() })

const says = {
  text: z.string().optional(),
  reasoning: z.string().optional(),
  tool_calls: z.array(toolCall).default([]),
  usage: usage.optional(),
  finish: z.enum(['stop', 'tool-calls', 'length', 'refusal']).optional(),
  fault: fault.optional(),
}

const step = z.strictObject({ ...says, when: condition.optional(), else: z.strictObject(says).optional() })

const steps = z.array(step)

const script = z
  .strictObject({
    name: z.string().min(1),
    /** Tokens per second; 0 says everything at once. */
    speed: z.number().nonnegative().default(0),
    /** Short for `roles.code`. */
    steps: steps.optional(),
    roles: z
      .strictObject({
        plan: steps.optional(),
        code: steps.optional(),
        explore: steps.optional(),
        summarise: steps.optional(),
        title: steps.optional(),
      })
      .default({}),
  })
  .refine(
    (value) => !(value.steps && (value.roles.plan || value.roles.code)),
    'Use either “steps” or “roles.plan” and “roles.code”, not both.',
  )

export type Script = z.infer<typeof script>
export type ScriptStep = z.infer<typeof step>
export type ScriptFault = z.infer<typeof fault>

/** Reads YAML (JSON is a part of it). The message of a refusal lists every mistake with its place. */
export function parseScript(text: string, fileName: string): { ok: true; script: Script } | { ok: false; message: string } {
  let value: unknown
  try {
    value = parse(text, { prettyErrors: true })
  } catch (error) {
    // The first line only: the rest quotes the file, which may not be a script at all.
    return {
      ok: false,
      message: `${fileName} is not YAML or JSON: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`,
    }
  }
  const result = script.safeParse(value)
  if (result.success) return { ok: true, script: result.data }
  const mistakes = result.error.issues.map((issue) => `  ${issue.path.map(String).join('.') || '(top)'}: ${issue.message}`)
  return { ok: false, message: `${fileName} is not a valid script:\n${mistakes.join('\n')}\nThe format is described in docs/models.md.` }
}
