import { endOfContent, trimBlanks } from './lines.ts'
import type { Place } from './locate.ts'

interface Plain {
  /** The text with `\n` line ends and no white space before them. */
  text: string
  /** Source offset of each unit of `text`, and one past the last. */
  offsets: Uint32Array
}

/**
 * Every place where the old text stands when line ends (CRLF or LF), white space before them and a missing last line end are left out of account.
 * It may begin and end inside a line; but where the old text itself had white space at its end, a line must end there.
 */
export function findIgnoringLineEnds(source: string, oldText: string): Place[] {
  const wanted = plain(oldText)
  if (trimBlanks(wanted.text.replaceAll('\n', '')) === '') return []
  const searched = plain(source)
  const mustEndLine = !wanted.text.endsWith('\n') && /[ \t\r]$/.test(oldText)
  const places: Place[] = []
  for (let at = searched.text.indexOf(wanted.text); at !== -1; at = searched.text.indexOf(wanted.text, at + 1)) {
    const end = at + wanted.text.length
    if (mustEndLine && !endsLine(searched.text, end)) continue
    places.push({ start: spanStart(searched, at), end: spanEnd(source, searched, end), rewrite: (newText) => newText })
  }
  return [...places, ...lastLines(source, searched, wanted)]
}

// The old text ends with a line end, the file does not: its last lines still count, and stay without one.
function lastLines(source: string, searched: Plain, wanted: Plain): Place[] {
  if (!wanted.text.endsWith('\n') || searched.text.endsWith('\n')) return []
  const lines = wanted.text.slice(0, -1)
  if (!searched.text.endsWith(lines)) return []
  const start = spanStart(searched, searched.text.length - lines.length)
  return [{ start, end: source.length, rewrite: (newText) => newText.replace(/\r?\n$/, '') }]
}

function plain(text: string): Plain {
  const kept: string[] = []
  const offsets = new Uint32Array(text.length + 1)
  let length = 0
  let lineStart = 0
  while (lineStart <= text.length) {
    const lineEnd = text.indexOf('\n', lineStart)
    const contentEnd = endOfContent(text, lineStart, lineEnd === -1 ? text.length : lineEnd)
    kept.push(text.slice(lineStart, contentEnd))
    for (let offset = lineStart; offset < contentEnd; offset++) offsets[length++] = offset
    if (lineEnd === -1) break
    kept.push('\n')
    offsets[length++] = lineEnd
    lineStart = lineEnd + 1
  }
  offsets[length] = text.length
  return { text: kept.join(''), offsets: offsets.subarray(0, length + 1) }
}

function endsLine(text: string, index: number): boolean {
  return index === text.length || text[index] === '\n'
}

// A match that begins with a line end takes the white space before it along.
function spanStart(searched: Plain, at: number): number {
  if (searched.text[at] !== '\n') return searched.offsets[at]!
  return at === 0 ? 0 : searched.offsets[at - 1]! + 1
}

// A match that ends with its line takes the white space there along, but not the line end.
function spanEnd(source: string, searched: Plain, end: number): number {
  if (end > 0 && searched.text[end - 1] === '\n') return searched.offsets[end - 1]! + 1
  if (!endsLine(searched.text, end)) return searched.offsets[end - 1]! + 1
  const lineEnd = searched.offsets[end]!
  return source[lineEnd - 1] === '\r' && lineEnd < source.length ? lineEnd - 1 : lineEnd
}
