// Whether a call names a tool of the session and has arguments of its shape.

import type { ToolDescription } from '@slipway/core/events'
import { isMcpTool } from '../mcp/mcp-tool-name.ts'
import { validateInput } from './validate-input.ts'

export type Validated = { ok: true; input: Record<string, unknown> } | { ok: false; message: string }

/** The call's input in its canonical shape, or what the model should send instead. MCP servers judge their own input. */
export function validateCall(tool: string, input: Record<string, unknown>, tools: readonly ToolDescription[]): Validated {
  if (!tools.some((known) => known.name === tool)) {
    return { ok: false, message: `There is no tool "${tool}". The tools are: ${tools.map((known) => known.name).join(', ')}.` }
  }
  if (isMcpTool(tool)) return { ok: true, input }
  return validateInput(tool, input)
}
