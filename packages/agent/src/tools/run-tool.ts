// From a tool's name to its code. Plans, questions and endings never come here: the log alone settles them.

import type { ToolCall } from '@slipway/core/state'
import type { DriveContext } from '../drive-context.ts'
import { isMcpTool } from '../mcp/mcp-tool-name.ts'
import { outputDelta } from '../steps/deltas.ts'
import { bash, bashOutput } from './bash.ts'
import { commit } from './commit.ts'
import { editFile } from './edit-file.ts'
import { explore } from './explore.ts'
import { findContext } from './find-context.ts'
import { listFiles } from './list-files.ts'
import { publish } from './publish.ts'
import { readFile } from './read-file.ts'
import { search } from './search.ts'
import type { ToolContext, ToolOutcome } from './tool-outcome.ts'
import { writeFile } from './write-file.ts'

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

type SandboxTool = (input: never, context: ToolContext) => Promise<ToolOutcome>

const sandboxTools: Record<string, SandboxTool> = {
  read_file: readFile,
  list_files: listFiles,
  search,
  edit_file: editFile,
  write_file: writeFile,
  bash,
  bash_output: bashOutput,
  find_context: findContext,
}

/** Runs one of the tools that only touch the sandbox. The input has the tool's shape; see `validateCall`. */
export function runSandboxTool(call: Pick<ToolCall, 'tool' | 'input'>, context: ToolContext): Promise<ToolOutcome> {
  const run = sandboxTools[call.tool]
  if (!run) throw new Error(`no code for tool ${call.tool}`)
  return run(call.input as never, context)
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
