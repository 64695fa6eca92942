// From a tool's name to its code. Plans, questions and endings never come here: the log alone settles them.

import type { ToolCall } from '@slipway/core/state'
import type { DriveContext } from '../drive-context.ts'
import { isMcpTool } from '../mcp/mcp-tool-name.ts'
import { outputDelta } from '../steps/deltas.ts'
import { commit } from './commit.ts'
import { explore } from './explore.ts'
import { publish } from './publish.ts'
import { runSandboxTool } from './sandbox-tools.ts'
import type { ToolContext, ToolOutcome } from './tool-outcome.ts'

/** Carries out one call whose input has been validated. Throws SandboxLost and WorkspaceUnavailable. */
export async function runTool(context: DriveContext, call: ToolCall, signal: AbortSignal): Promise<ToolOutcome> {
  const tool = toolContext(context, call, signal)
  if (isMcpTool(call.tool)) return context.mcp.call(call.tool, call.input, signal)
  switch (call.tool) {
    case 'commit':
      return commit(context, call, signal)
    case 'publish':
      return publish(context, call, signal)
    case 'explore':
      return explore(context, call, tool)
    default:
      return runSandboxTool(call, tool)
  }
}

function toolContext(context: DriveContext, call: ToolCall, signal: AbortSignal): ToolContext {
  return {
    sandbox: () => context.workspace.sandbox(),
    signal,
    clock: context.ports.clock,
    onOutput: outputDelta(context.ports.bus, { sessionId: context.sessionId, callId: call.callId }),
    fileShas: context.fileShas,
    background: context.background,
  }
}
