// The tools of a session: ours in their fixed order, then those of MCP servers. Frozen with the instructions.

import type { ToolDescription } from '@slipway/core/events'
import type { SessionState } from '@slipway/core/state'
import { toolDefinitions } from './definitions.ts'

/** Same list for the whole session, so that the prompt prefix never changes. */
export function toolsOf(state: SessionState): ToolDescription[] {
  return [...toolDefinitions, ...(state.instructions?.mcpTools ?? [])]
}
