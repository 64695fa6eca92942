import type { Place } from './locate.ts'
import { matchIndentation } from './match-indentation.ts'
import { type Line, trimBlanks } from './lines.ts'
import type { Source } from './source.ts'

/** Every run of whole lines that equals the old text's lines but for one common change of indentation; the new text is indented alike. */
export function findIndented(source: Source, oldText: string): Place[] {
  const wanted = wantedLines(oldText)
  if (!wanted.some((line) => trimBlanks(line) !== '')) return []
  const lines = source.lines()
  const bare = source.bareLines()
  const wantedBare = wanted.map(trimBlanks)
  const takesLineEnd = oldText.endsWith('\n')
  const places: Place[] = []
  for (let first = 0; first + wanted.length <= lines.length; first++) {
    if (!wantedBare.every((text, index) => bare[first + index] === text)) continue
    const found = lines.slice(first, first + wanted.length)
    const reindent = matchIndentation(
      wanted,
      found.map((line) => line.text),
    )
    if (reindent === null) continue
    places.push({ ...spanOf(found, takesLineEnd), rewrite: (newText) => rewriteLines(newText, found, takesLineEnd, reindent) })
  }
  return places
}

function wantedLines(oldText: string): string[] {
  const lines = oldText.split(/\r?\n/)
  return lines.at(-1) === '' && lines.length > 1 ? lines.slice(0, -1) : lines
}

function spanOf(found: readonly Line[], takesLineEnd: boolean): { start: number; end: number } {
  const last = found.at(-1)!
  return { start: found[0]!.start, end: takesLineEnd ? last.end : last.start + last.text.length }
}

function rewriteLines(
  newText: string,
  found: readonly Line[],
  takesLineEnd: boolean,
  reindent: (line: string) => string | null,
): string | null {
  const lines = newText.split(/\r?\n/)
  const written: string[] = []
  for (const line of lines) {
    const text = trimBlanks(line) === '' ? '' : reindent(line)
    if (text === null) return null
    written.push(text)
  }
  const last = found.at(-1)!
  const lacksLineEnd = takesLineEnd && last.end === last.start + last.text.length
  return lacksLineEnd && written.at(-1) === '' ? written.slice(0, -1).join('\n') : written.join('\n')
}
