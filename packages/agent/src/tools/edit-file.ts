// Replaces exact pieces of a file, and only of the version that the model has seen.

import { applyEdits } from '@slipway/core/edits/apply-edits'
import { explainProblem } from './explain-problem.ts'
import { failure, type ToolContext, type ToolOutcome } from './tool-outcome.ts'
import { workPath } from './work-path.ts'

const maxBytes = 8 * 1024 * 1024

/** Applies all edits or none. A file the model never read is read here: what it quotes must then stand there exactly once, as always. */
export async function editFile(
  input: { path: string; edits: { old_text: string; new_text: string }[] },
  context: ToolContext,
): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  const path = workPath(sandbox, input.path)
  const current = await sandbox.readFile(path, { maxBytes })
  if (!current.ok) return failure(explainProblem(path, current.problem, current.message), 'failed', { path })
  if (current.totalBytes > maxBytes)
    return failure(`${path} has ${current.totalBytes} bytes, too many for edit_file. Use bash.`, 'failed', { path })
  const seen = context.fileShas.get(path)
  if (seen !== undefined && seen !== current.sha) {
    context.fileShas.delete(path)
    return failure(explainProblem(path, 'changed', ''), 'failed', { path })
  }
  const source = decode(current.bytes)
  if (source === null) return failure(`${path} is not UTF-8 text. Use bash.`, 'failed', { path })
  const applied = applyEdits(
    source,
    input.edits.map((edit) => ({ oldText: edit.old_text, newText: edit.new_text })),
  )
  if (!applied.ok) return failure(applied.message, 'failed', { path, kind: applied.kind })
  const written = await sandbox.writeFile(path, new TextEncoder().encode(applied.text), { expectedSha: current.sha })
  if (!written.ok) return failure(explainProblem(path, written.problem, written.message), 'failed', { path })
  context.fileShas.set(path, written.sha)
  const loosely = applied.rungs.some((rung) => rung !== 'exact')
    ? ' White space differed from old_text; it was matched apart from that.'
    : ''
  return {
    ok: true,
    output: `Edited ${path}: +${applied.added} −${applied.removed}.${loosely}`,
    changed: true,
    problem: null,
    facts: { path, added: applied.added, removed: applied.removed, sha: written.sha },
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
