// The tools that touch nothing but the sandbox.

import type { ToolCall } from '@slipway/core/state'
import { bash, bashOutput } from './bash.ts'
import { editFile } from './edit-file.ts'
import { findContext } from './find-context.ts'
import { listFiles } from './list-files.ts'
import { readFile } from './read-file.ts'
import { search } from './search.ts'
import type { ToolContext, ToolOutcome } from './tool-outcome.ts'
import { writeFile } from './write-file.ts'

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
