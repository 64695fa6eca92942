// Reads a text file for the model, with line numbers, and remembers which version it saw.

import { capLine } from '@slipway/core/text/truncate'
import { explainProblem } from './explain-problem.ts'
import { failure, read, type ToolContext, type ToolOutcome } from './tool-outcome.ts'
import { workPath } from './work-path.ts'

const maxBytes = 8 * 1024 * 1024
const shownBytes = 32 * 1024 - 256
const lineLength = 2_000

/** The lines asked for, as many as fit; what is missing is said first. */
export async function readFile(input: { path: string; offset?: number; limit?: number }, context: ToolContext): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  const path = workPath(sandbox, input.path)
  const file = await sandbox.readFile(path, { maxBytes })
  if (!file.ok) return failure(explainProblem(path, file.problem, file.message), 'failed', { path })
  if (file.bytes.subarray(0, 8_192).includes(0))
    return failure(`${path} is a binary file of ${file.totalBytes} bytes. Inspect it with bash if you must.`, 'failed', { path })
  context.fileShas.set(path, file.sha)
  const lines = linesOf(new TextDecoder().decode(file.bytes))
  const facts = { path, lines: lines.length, sha: file.sha }
  if (lines.length === 0) return read(`${path} is empty.`, facts)
  const from = input.offset ?? 1
  const isCut = file.totalBytes > maxBytes
  const rest = isCut ? ` Only its first ${maxBytes} of ${file.totalBytes} bytes can be read this way; use bash (sed -n) for the rest.` : ''
  if (from > lines.length) return failure(`${path} has ${isCut ? 'at least' : 'only'} ${lines.length} lines.${rest}`, 'failed', { path })
  const shown = numbered(lines, from, input.limit ?? lines.length)
  const to = from + shown.length - 1
  if (from === 1 && to === lines.length && !isCut) return read(shown.join('\n'), facts)
  return read(`[lines ${from}–${to} of ${lines.length}; use offset and limit for others]${rest}\n${shown.join('\n')}`, facts)
}

// Carriage returns would only cost tokens; edits match without them and write them back.
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** As many whole lines as fit, at least one. */
function numbered(lines: readonly string[], from: number, limit: number): string[] {
  const shown: string[] = []
  let bytes = 0
  for (let line = from; line <= lines.length && line < from + limit; line++) {
    const text = `${line}\t${capLine(lines[line - 1] ?? '', lineLength)}`
    bytes += Buffer.byteLength(text) + 1
    if (bytes > shownBytes && shown.length > 0) break
    shown.push(text)
  }
  return shown
}
