import { trimBlanks } from './lines.ts'
import type { Place } from './locate.ts'
import { plainText, type PlainText } from './plain-text.ts'
import type { Source } from './source.ts'

/**
 * Every place where the old text stands when line ends (CRLF or LF), white space before them and a missing last line end are left out of account.
 * It may begin and end inside a line; but where the old text itself had white space at its end, a line must end there.
 */
export function findIgnoringLineEnds(source: Source, oldText: string): Place[] {
  const wanted = plainText(oldText)
  if (trimBlanks(wanted.text.replaceAll('\n', '')) === '') return []
  const searched = source.plain()
  const mustEndLine = !wanted.text.endsWith('\n') && /[ \t\r]$/.test(oldText)
  const places: Place[] = []
  for (let at = searched.text.indexOf(wanted.text); at !== -1; at = searched.text.indexOf(wanted.text, at + 1)) {
    const end = at + wanted.text.length
    if (mustEndLine && !endsLine(searched.text, end)) continue
    places.push({ start: spanStart(searched, at), end: spanEnd(source.text, searched, end), rewrite: (newText) => newText })
  }
  return [...places, ...lastLines(source.text, searched, wanted)]
}

// The old text ends with a line end, the file does not: its last lines still count, and stay without one.
function lastLines(source: string, searched: PlainText, wanted: PlainText): Place[] {
  if (!wanted.text.endsWith('\n') || searched.text.endsWith('\n')) return []
  const lines = wanted.text.slice(0, -1)
  if (!searched.text.endsWith(lines)) return []
  const start = spanStart(searched, searched.text.length - lines.length)
  return [{ start, end: source.length, rewrite: (newText) => newText.replace(/\r?\n$/, '') }]
}

function endsLine(text: string, index: number): boolean {
  return index === text.length || text[index] === '\n'
}

// A match that begins with a line end takes the white space before it along.
function spanStart(searched: PlainText, at: number): number {
  if (searched.text[at] !== '\n') return searched.offsets[at]!
  return at === 0 ? 0 : searched.offsets[at - 1]! + 1
}

// A match that ends with its line takes the white space there along, but not the line end.
function spanEnd(source: string, searched: PlainText, end: number): number {
  if (end > 0 && searched.text[end - 1] === '\n') return searched.offsets[end - 1]! + 1
  if (!endsLine(searched.text, end)) return searched.offsets[end - 1]! + 1
  const lineEnd = searched.offsets[end]!
  return source[lineEnd - 1] === '\r' && lineEnd < source.length ? lineEnd - 1 : lineEnd
}
