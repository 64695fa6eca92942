// Creates a file, or replaces one that the model has read.

import { explainProblem, explainWriteProblem } from './explain-problem.ts'
import { failure, type ToolContext, type ToolOutcome } from './tool-outcome.ts'
import { workPath } from './work-path.ts'

/** Refuses to replace a file whose current content the model has not seen. */
export async function writeFile(input: { path: string; content: string }, context: ToolContext): Promise<ToolOutcome> {
  const { content } = input
  const sandbox = await context.sandbox()
  const path = workPath(sandbox, input.path)
  const seen = context.fileShas.get(path)
  const written = await sandbox.writeFile(path, new TextEncoder().encode(content), { expectedSha: seen ?? null })
  if (!written.ok && written.problem === 'changed') {
    const advice =
      seen === undefined ? `${path} exists already. Read it first, then edit_file or write_file.` : explainProblem(path, 'changed', '')
    context.fileShas.delete(path)
    return failure(advice, 'failed', { path })
  }
  if (!written.ok) return failure(explainWriteProblem(path, written.problem, written.message), 'failed', { path })
  context.fileShas.set(path, written.sha)
  const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length
  return {
    ok: true,
    output: `${written.created ? 'Created' : 'Replaced'} ${path} (${lines} lines).`,
    changed: true,
    problem: null,
    facts: { path, lines, created: written.created, sha: written.sha },
  }
}
