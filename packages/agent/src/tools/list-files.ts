// Lists a folder of the work tree.

import type { FileProblem } from '@slipway/core/ports'
import { explainProblem } from './explain-problem.ts'
import { failure, read, type ToolContext, type ToolOutcome } from './tool-outcome.ts'
import { workPath } from './work-path.ts'

const limit = 400

/** Paths below a folder, folders with a slash at the end; a full list says first that it is cut. */
export async function listFiles(input: { path?: string; depth?: number }, context: ToolContext): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  const path = workPath(sandbox, input.path ?? '')
  const result = await sandbox.list(path, { depth: input.depth ?? 2, limit, all: false })
  if (!result.ok) return failure(explain(path, result.problem, result.message), 'failed', { path })
  if (result.entries.length === 0) return read('The folder is empty.', { path, entries: 0 })
  const lines = result.entries.map(
    (entry) => `${entry.path}${entry.kind === 'directory' ? '/' : entry.kind === 'symlink' ? ' (symlink)' : ''}`,
  )
  if (result.truncated) lines.unshift(`[the first ${limit} entries; list a folder below, or use search]`)
  return read(lines.join('\n'), { path, entries: result.entries.length })
}

function explain(path: string, problem: FileProblem, message: string): string {
  if (problem === 'special' && message.endsWith('is not a directory')) return `${path} is not a folder. Use read_file.`
  return explainProblem(path || 'The root', problem, message)
}
