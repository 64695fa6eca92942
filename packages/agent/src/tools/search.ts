// Searches the work tree for a regular expression.

import { capLine } from '@slipway/core/text/truncate'
import { failure, read, type ToolContext, type ToolOutcome } from './tool-outcome.ts'
import { workPath } from './work-path.ts'

const limit = 200
const lineLength = 300

/** `path:line: text` for each match; a full list says first that it is cut. */
export async function search(
  input: { pattern: string; path?: string; glob?: string; ignore_case?: boolean },
  context: ToolContext,
): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  const result = await sandbox.search({
    pattern: input.pattern,
    path: workPath(sandbox, input.path ?? ''),
    glob: input.glob ?? null,
    limit,
    ignoreCase: input.ignore_case ?? false,
    signal: context.signal,
  })
  if (!result.ok)
    return failure(`The search could not run: ${capLine(result.message, lineLength)}. ${adviceFor(result.message)}`, 'failed', {
      pattern: input.pattern,
    })
  if (result.matches.length === 0) return read('No match.', { pattern: input.pattern, matches: 0 })
  const lines = result.matches.map((match) => `${match.path}:${match.line}: ${capLine(match.text, lineLength)}`)
  if (result.truncated) lines.unshift(`[the first ${limit} matches; narrow the pattern, path or glob]`)
  return read(lines.join('\n'), { pattern: input.pattern, matches: result.matches.length })
}

function adviceFor(message: string): string {
  if (message.startsWith('Invalid regular expression'))
    return 'The pattern is a JavaScript regular expression; escape what is meant literally.'
  if (message.includes('does not exist')) return 'Find the folder with list_files, or leave path out.'
  return 'Change the pattern, the path or the glob accordingly.'
}
