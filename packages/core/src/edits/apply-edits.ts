// Applies a model's edits to a file: all or none, each against the file as it was.

import { countLineChanges } from './line-changes.ts'
import { lineNumberAt, usualLineEnd } from './lines.ts'
import { locate, type Rung, type Span } from './locate.ts'
import { nearestLine, type NearLine } from './nearest-line.ts'
import { makeSource, type Source } from './source.ts'

export interface Edit {
  oldText: string
  newText: string
}

export type EditProblem = 'empty' | 'not-found' | 'ambiguous' | 'no-change' | 'overlap'

export type ApplyResult =
  | { ok: true; text: string; added: number; removed: number; rungs: Rung[] }
  /** `index`: which edit. `message` is for the model: what is wrong and what to send instead. */
  | { ok: false; index: number; kind: EditProblem; message: string }

/**
 * Replaces each edit's old text, which must stand in the source exactly once: as given, else apart from line ends and trailing white space,
 * else apart from a common indentation. The file keeps its line ends and its last line end. Nothing is matched by similarity.
 */
export function applyEdits(source: string, edits: readonly Edit[]): ApplyResult {
  const lineEnd = usualLineEnd(source)
  const prepared = makeSource(source)
  const changes: Change[] = []
  for (const [index, edit] of edits.entries()) {
    const change = changeFor(prepared, edit, lineEnd)
    if (!change.ok) return { ok: false, index, kind: change.kind, message: `Edit ${index + 1}: ${change.message}` }
    const other = changes.findIndex((earlier) => overlap(earlier, change))
    if (other !== -1)
      return {
        ok: false,
        index,
        kind: 'overlap',
        message: `Edit ${index + 1} touches the same text as edit ${other + 1}. Send the two as one edit.`,
      }
    changes.push(change)
  }
  const text = keepLastLineEnd(source, replaceAll(source, changes), lineEnd)
  return { ok: true, text, ...countLineChanges(source, text), rungs: changes.map((change) => change.rung) }
}

interface Change extends Span {
  ok: true
  rung: Rung
  text: string
}

type Refusal = { ok: false; kind: EditProblem; message: string }

function changeFor(prepared: Source, edit: Edit, lineEnd: string): Change | Refusal {
  const source = prepared.text
  if (edit.oldText === '')
    return refuse(
      'empty',
      'the old text is empty. Quote the lines to change; to add lines, quote a neighbouring line and repeat it in the new text.',
    )
  if (edit.oldText === edit.newText)
    return refuse('no-change', 'the old and the new text are the same. Leave this edit out, or send what should change.')
  const located = locate(prepared, edit.oldText)
  if (!located.ok) return located.kind === 'ambiguous' ? ambiguous(source, located.starts) : notFound(source, edit.oldText)
  const { start, end, rewrite } = located.place
  const rewritten = rewrite(edit.newText)
  if (rewritten === null)
    return refuse(
      'not-found',
      `the old text only matches line ${lineNumberAt(source, start)} with another indentation, and the new text cannot be indented alike. Read the file again and copy its indentation.`,
    )
  const text = rewritten.replace(/\r?\n/g, lineEnd)
  if (text === source.slice(start, end))
    return refuse('no-change', 'the file already says so. Leave this edit out, or send what should change.')
  return { ok: true, rung: located.rung, start, end, text }
}

function refuse(kind: EditProblem, message: string): Refusal {
  return { ok: false, kind, message }
}

function ambiguous(source: string, starts: readonly number[]): Refusal {
  const shown = starts.slice(0, 8).map((start) => lineNumberAt(source, start))
  const lines = starts.length > shown.length ? `${shown.join(', ')} …` : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
  return refuse(
    'ambiguous',
    `the old text stands in the file ${starts.length} times (lines ${lines}). Quote more lines around the one you mean.`,
  )
}

function notFound(source: string, oldText: string): Refusal {
  return refuse(
    'not-found',
    `the old text is not in the file. ${hintAt(nearestLine(source, oldText))} Read the file again and copy the text from there.`,
  )
}

function hintAt(near: NearLine | null): string {
  if (near === null) return 'None of its lines is in the file.'
  const quoted = JSON.stringify(near.text)
  if (near.isSame) return `Its line ${quoted} is line ${near.line} of the file, but the lines around it differ.`
  return `None of its lines is in the file; the nearest is line ${near.line}, ${quoted}.`
}

function overlap(left: Span, right: Span): boolean {
  return left.start < right.end && right.start < left.end
}

function replaceAll(source: string, changes: readonly Change[]): string {
  const parts: string[] = []
  let position = 0
  for (const change of [...changes].sort((left, right) => left.start - right.start)) {
    parts.push(source.slice(position, change.start), change.text)
    position = change.end
  }
  return parts.join('') + source.slice(position)
}

function keepLastLineEnd(source: string, text: string, lineEnd: string): string {
  return source.endsWith('\n') && text !== '' && !text.endsWith('\n') ? text + lineEnd : text
}
