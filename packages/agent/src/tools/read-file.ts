// Reads a text file for the model, with line numbers, and remembers which version it saw.

import type { FileProblem } from '@slipway/core/ports'
import { failure, read, type ToolContext, type ToolOutcome } from './tool-outcome.ts'

const maxBytes = 2 * 1024 * 1024
const shownBytes = 32 * 1024

export async function readFile(input: { path: string; offset?: number; limit?: number }, context: ToolContext): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  const result = await sandbox.readFile(input.path, { maxBytes })
  if (!result.ok) return failure(explainProblem(input.path, result.problem, result.message), 'failed', { path: input.path })
  if (result.bytes.subarray(0, 8_192).includes(0)) return failure(`${input.path} is a binary file of ${result.totalBytes} bytes. Inspect it with bash if you must.`, 'failed', { path: input.path })
  context.fileShas.set(input.path, result.sha)
  const text = new TextDecoder().decode(result.bytes)
  if (text === '') return read(`${input.path} is empty.`, { path: input.path, lines: 0, sha: result.sha })
  const lines = text.replace(/\n$/, '').split('\n')
  const from = input.offset ?? 1
  if (from > lines.length) return failure(`${input.path} has only ${lines.length} lines.`, 'failed', { path: input.path })
  const { shown, to } = numbered(lines, from, input.limit ?? lines.length)
  const isWhole = from === 1 && to === lines.length
  const cut = result.totalBytes > maxBytes ? ` Only the first ${maxBytes} of ${result.totalBytes} bytes can be read this way.` : ''
  const more = isWhole ? '' : `\n[lines ${from}–${to} of ${lines.length}; use offset and limit for others.${cut}]`
  return read(shown + more, { path: input.path, lines: lines.length, sha: result.sha })
}

/** As many whole lines as fit, at least one. */
function numbered(lines: string[], from: number, limit: number): { shown: string; to: number } {
  const shown: string[] = []
  let bytes = 0
  for (let line = from; line <= lines.length && line < from + limit; line++) {
    const text = `${line}\t${lines[line - 1] ?? ''}`
    bytes += Buffer.byteLength(text) + 1
    if (bytes > shownBytes - 200 && shown.length > 0) break
    shown.push(text)
  }
  return { shown: shown.join('\n'), to: from + shown.length - 1 }
}

/** What a file problem means for the model. */
export function explainProblem(path: string, problem: FileProblem, message: string): string {
  switch (problem) {
    case 'missing':
      return `${path} does not exist. Find it with list_files or search.`
    case 'directory':
      return `${path} is a folder. Use list_files.`
    case 'outside':
      return `${path} is outside the work tree. Paths are relative to its root.`
    case 'changed':
      return `${path} has changed since you read it. Read it again, then repeat the edit.`
    case 'special':
    case 'too-large':
    case 'denied':
      return `${path}: ${message}`
  }
}
