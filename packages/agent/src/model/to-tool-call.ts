// One tool call as the model wrote it. What cannot be carried out becomes text for the model, never an exception.

import type { AssistantPart, ProviderData, ToolDescription } from '@slipway/core/events'
import { isNestedDeeper } from './is-nested-deeper.ts'

const NAME_ACCEPTED_BY_ALL = /^[A-Za-z0-9_-]{1,64}$/
const MAX_SHOWN_CHARACTERS = 400
/** No tool's arguments go this deep; what goes thousands deep can neither be written to the log nor sent back. */
const MAX_NESTING = 32

export interface RawToolCall {
  toolName: string
  input: unknown
  invalid?: boolean | undefined
  error?: unknown
  providerMetadata?: ProviderData | undefined
}

/** `input` is a string only where the SDK could not parse it. Its shape against the schema is the tool's own business. */
export function toToolCall(raw: RawToolCall, context: { callId: string; tools: ToolDescription[] }): AssistantPart {
  const isKnown = context.tools.some((tool) => tool.name === raw.toolName)
  const isTooDeep = isNestedDeeper(raw.input, MAX_NESTING)
  const isInput = isPlainObject(raw.input) && !isTooDeep
  const invalid = problemOf(raw, { isKnown, isInput, isTooDeep, tools: context.tools })
  return {
    type: 'tool-call',
    callId: context.callId,
    // A name that providers refuse would make every later request fail, because it goes back with the history.
    tool: NAME_ACCEPTED_BY_ALL.test(raw.toolName) ? raw.toolName : raw.toolName.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'unnamed',
    input: isPlainObject(raw.input) && !isTooDeep ? raw.input : {},
    ...(invalid === null ? {} : { invalid }),
    ...(raw.providerMetadata ? { provider: raw.providerMetadata } : {}),
  }
}

function problemOf(
  raw: RawToolCall,
  facts: { isKnown: boolean; isInput: boolean; isTooDeep: boolean; tools: ToolDescription[] },
): string | null {
  if (!facts.isKnown) {
    const names = facts.tools.map((tool) => tool.name).join(', ')
    return `There is no tool named “${shown(raw.toolName)}”. ${names === '' ? 'No tools are available in this call.' : `The tools are: ${names}.`}`
  }
  if (typeof raw.input === 'string')
    return `The arguments are not valid JSON: ${shown(raw.input)}\nCall ${raw.toolName} again with one complete JSON object.`
  if (facts.isTooDeep) return `The arguments are nested more than ${MAX_NESTING} levels deep. Call ${raw.toolName} again with flatter ones.`
  if (!facts.isInput)
    return `The arguments must be one JSON object, not ${Array.isArray(raw.input) ? 'a list' : String(JSON.stringify(raw.input))}.`
  if (raw.invalid === true)
    return `The arguments were refused: ${shown(raw.error instanceof Error ? raw.error.message : String(raw.error))}`
  return null
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(text: string): string {
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}… (${text.length} characters)`
}
