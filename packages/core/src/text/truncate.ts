// Long output for a model: the start, the end, and a line between them that says what is missing.

import { isPairAt, prefixIndex, suffixIndex, utf8Length } from './utf8.ts'

export interface HeadTailOptions {
  headBytes: number
  tailBytes: number
  /** Ends the marker line: how the reader gets at what was left out. */
  hint?: string
}

export interface HeadTail {
  text: string
  isCut: boolean
  omittedBytes: number
  /** Lines of which at least a part is missing. */
  omittedLines: number
}

const DEFAULT_HINT = 'to see it, run the command again and narrow its output (grep, head, sed -n)'

/**
 * Keeps at most `headBytes` of the start and `tailBytes` of the end, cut at line ends where one is near, never inside a character.
 * A text that fits into both together comes back whole; else a marker line stands in the gap (its own bytes are extra).
 */
export function headTail(text: string, options: HeadTailOptions): HeadTail {
  const totalBytes = utf8Length(text)
  if (totalBytes <= options.headBytes + options.tailBytes) return { text, isCut: false, omittedBytes: 0, omittedLines: 0 }
  const headEnd = backToLineStart(text, prefixIndex(text, options.headBytes))
  const tailStart = forwardToLineStart(text, suffixIndex(text, options.tailBytes))
  const head = text.slice(0, headEnd)
  const tail = text.slice(tailStart)
  const omitted = text.slice(headEnd, tailStart)
  const omittedBytes = utf8Length(omitted)
  const omittedLines = countLines(omitted)
  const marker = `[… ${plural(omittedLines, 'line')} (${plural(omittedBytes, 'byte')}) left out here; ${options.hint ?? DEFAULT_HINT} …]`
  const before = head === '' || head.endsWith('\n') ? head : `${head}\n`
  return { text: tail === '' ? `${before}${marker}` : `${before}${marker}\n${tail}`, isCut: true, omittedBytes, omittedLines }
}

/** The line, or its first `max` UTF-16 units and a note of how many more there are. */
export function capLine(line: string, max: number): string {
  if (line.length <= max) return line
  const end = max > 0 && isPairAt(line, max - 1) ? max - 1 : max
  return `${line.slice(0, end)}… [+${plural(line.length - end, 'character')}]`
}

// A line end in the nearer half of the kept part is worth losing the rest of that line for.
function backToLineStart(text: string, index: number): number {
  const lineStart = text.lastIndexOf('\n', index - 1) + 1
  return index > 0 && lineStart >= index / 2 ? lineStart : index
}

function forwardToLineStart(text: string, index: number): number {
  if (index === 0 || text[index - 1] === '\n') return index
  const lineEnd = text.indexOf('\n', index)
  return lineEnd !== -1 && lineEnd + 1 - index <= (text.length - index) / 2 ? lineEnd + 1 : index
}

function countLines(text: string): number {
  if (text === '') return 0
  let lines = text.endsWith('\n') ? 0 : 1
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) lines++
  return lines
}

function plural(count: number, unit: string): string {
  return `${count.toLocaleString('en-US')} ${unit}${count === 1 ? '' : 's'}`
}
