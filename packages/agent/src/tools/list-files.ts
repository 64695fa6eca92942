// Lists a folder of the work tree.

import { explainProblem } from './read-file.ts'
import { failure, read, type ToolContext, type ToolOutcome } from './tool-outcome.ts'

const limit = 400

export async function listFiles(input: { path?: string; depth?: number }, context: ToolContext): Promise<ToolOutcome> {
  const path = input.path ?? ''
  const sandbox = await context.sandbox()
  const result = await sandbox.list(path, { depth: input.depth ?? 2, limit, all: false })
  if (!result.ok) return failure(explainProblem(path, result.problem, result.message), 'failed', { path })
  if (result.entries.length === 0) return read('The folder is empty.', { path, entries: 0 })
  const lines = result.entries.map((entry) => `${entry.path}${entry.kind === 'directory' ? '/' : entry.kind === 'symlink' ? ' (symlink)' : ''}`)
  if (result.truncated) lines.push(`[more than ${limit} entries; list a folder below, or use search]`)
  return read(lines.join('\n'), { path, entries: result.entries.length })
}
